using Sampan.Linux.Files;

namespace Sampan.Linux.Tests.Files;

public sealed class TextOutputTests
{
    [Fact]
    public void Long_text_with_surrogate_pairs_arrives_whole()
    {
        var text = string.Concat(Enumerable.Repeat("x😀é", 9000));
        Capture(output => output.Write(text)).ShouldBe(text);
    }

    [Fact]
    public void Text_and_bytes_keep_their_order()
    {
        Capture(output =>
        {
            output.Write("a");
            output.WriteBytes("b"u8);
            output.WriteBytes(new byte[20000]);
            output.Write("c").Repeat('-', 3).WriteLine();
        }).ShouldBe("ab" + new string('\0', 20000) + "c---\n");
    }

    private static string Capture(Action<TextOutput> write)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = FileDescriptor.Open(path, OpenFlags.WriteOnly))
            using (var output = new TextOutput(file.Number))
            {
                write(output);
            }

            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
