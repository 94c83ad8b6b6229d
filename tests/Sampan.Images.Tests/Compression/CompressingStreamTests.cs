using System.IO.Compression;
using Sampan.Images.Compression;
using Sampan.Linux;

namespace Sampan.Images.Tests.Compression;

public sealed class CompressingStreamTests
{
    [Theory]
    [InlineData(LayerCompression.Gzip, 0)]
    [InlineData(LayerCompression.Gzip, 1)]
    [InlineData(LayerCompression.Gzip, 1 << 20)]
    [InlineData(LayerCompression.Gzip, (7 << 20) + 12345)]
    [InlineData(LayerCompression.Zstandard, 0)]
    [InlineData(LayerCompression.Zstandard, 1)]
    [InlineData(LayerCompression.Zstandard, 2 << 20)]
    [InlineData(LayerCompression.Zstandard, (9 << 20) + 12345)]
    public void What_went_in_comes_out_and_the_number_of_threads_changes_nothing(LayerCompression compression, int length)
    {
        var content = Content(length);
        var packed = Pack(compression, content, 1, 100_000);

        Pack(compression, content, 2, 1 << 20).ShouldBe(packed);
        Pack(compression, content, 7, 4321).ShouldBe(packed);
        Pack(compression, content, 0, int.MaxValue).ShouldBe(packed);

        using var unpacked = new MemoryStream();
        using Stream stream = compression == LayerCompression.Gzip
            ? new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)
            : new ZstandardStream(new MemoryStream(packed));
        stream.CopyTo(unpacked);
        unpacked.ToArray().ShouldBe(content);
    }

    [Theory]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstandard)]
    public void A_target_that_fails_ends_it_and_its_threads(LayerCompression compression)
    {
        using (var stream = new CompressingStream(new FullStream(), compression, 4))
        {
            Should.Throw<LinuxException>(() =>
            {
                for (var count = 0; count < 64; count++)
                {
                    stream.Write(Content(1 << 20));
                }

                stream.Finish();
            }).Errno.ShouldBe(Errno.ENOSPC);
        }

        // Joined threads are gone from /proc a moment later, and other tests have some too.
        SpinWait.SpinUntil(() => Threads() == 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    [Fact]
    public void Memory_does_not_grow_with_the_content()
    {
        var content = Content(1 << 20);
        using var stream = new CompressingStream(Stream.Null, LayerCompression.Zstandard, 2);
        for (var count = 0; count < 32; count++)
        {
            stream.Write(content);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var count = 0; count < 256; count++)
        {
            stream.Write(content);
        }

        stream.Finish();
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(4 << 20);
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Count(task => File.Exists(task + "/comm") && File.ReadAllText(task + "/comm").Trim() == "compress");

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(20261121).NextBytes(content.AsSpan(0, length / 2));
        return content;
    }

    private static byte[] Pack(LayerCompression compression, byte[] content, int workers, int piece)
    {
        using var target = new MemoryStream();
        using (var stream = new CompressingStream(target, compression, workers))
        {
            for (long start = 0; start < content.Length; start += piece)
            {
                stream.Write(content.AsSpan((int)start, (int)Math.Min(piece, content.Length - start)));
            }

            stream.Finish();
        }

        return target.ToArray();
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new LinuxException(Errno.ENOSPC, "write", "descriptor 3");
    }
}
