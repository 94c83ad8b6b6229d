using System.IO.Compression;
using System.Text;

namespace Sampan.EndToEnd.Images;

/// <summary>Archives made to exhaust the host are taken or refused by a command that may have little memory, and leave nothing.</summary>
public sealed class BoundedMemoryTests : IDisposable
{
    // What the address space of a .NET process takes by itself is most of it; without it nothing starts.
    private const int Kilobytes = 420_000;
    private readonly Host _host = new();

    [Theory]
    [InlineData("gzip -1")]
    [InlineData("zstd -q")]
    [InlineData("xz -1")]
    [InlineData("bzip2 -1")]
    public void What_unpacks_to_a_thousandfold_takes_no_memory(string packer)
    {
        Host.Shell("head -c 128M /dev/zero | $1 -c > \"$2\"; (printf x; head -c 128M /dev/zero) | $1 -c > \"$2.x\"", packer, At("zeros"));
        Run("import", At("zeros.x"), "zeros").ShouldFailInOneLine(1, "not a tar archive");
        Run("load", "-i", At("zeros")).ShouldFailInOneLine(1, "not an image archive");

        // Zeros are an archive of nothing, and what follows its end is nobody's.
        if (Run("import", At("zeros"), "zeros").ShouldBeComposed())
        {
            _host.Sampan("rmi", "zeros").ShouldSucceed();
        }

        ShouldBeEmpty();
    }

    [Fact]
    public void A_million_entries_with_long_names_are_unpacked()
    {
        var count = Environment.GetEnvironmentVariable("SAMPAN_SOAK") is null ? 40_000 : 1_000_000;
        var text = new string('n', 90);
        Write("entries", stream =>
        {
            for (var number = 0; number < count; number++)
            {
                // Some names again and again: what is told of each is kept, what is on the disk is little.
                Entry(stream, $"{text}{number % 800}/", '5', 0);
            }
        });
        Run("import", At("entries"), "entries").ShouldSucceed();
        _host.Sampan("rmi", "entries").ShouldSucceed();
        ShouldBeEmpty();
    }

    [Fact]
    public void Extended_headers_without_end_are_refused()
    {
        Write("globals", stream =>
        {
            for (var number = 0; number < 4000; number++)
            {
                Pax(stream, 'g', $"key{number}=" + new string('v', 60_000));
                Entry(stream, $"f{number}", '0', 0);
            }
        });
        Run("import", At("globals"), "globals").ShouldFailInOneLine(1, "extended header");
        Write("locals", stream =>
        {
            for (var number = 0; number < 4000; number++)
            {
                Pax(stream, 'x', $"key{number}=" + new string('v', 60_000));
            }
        });
        Run("import", At("locals"), "locals").ShouldFailInOneLine(1, "extended header");
        ShouldBeEmpty();
    }

    [Fact]
    public void Names_of_megabytes_are_refused()
    {
        foreach (var type in new[] { 'L', 'K' })
        {
            Write("long", stream =>
            {
                Entry(stream, "././@LongLink", type, 10 << 20);
                stream.Write(new byte[10 << 20]);
                Entry(stream, "x", '0', 0);
            });
            Run("import", At("long"), "long").ShouldFailInOneLine(1, "extended header of 10485760 bytes");
        }

        Write("names", stream =>
        {
            for (var number = 0; number < 4_000; number++)
            {
                Pax(stream, 'x', $"path={number}/" + new string('n', 50_000));
                Entry(stream, "x", '0', 0);
            }
        });
        Run("load", "-i", At("names")).ShouldFailInOneLine(1, "the names of its files");
        ShouldBeEmpty();
    }

    [Theory]
    [InlineData("manifest.json", "[", "{},", "{}]")]
    [InlineData("manifest.json", "[{\"Config\":\"", "\\n\\u001b[2J", "\"}]")]
    [InlineData("index.json", "{\"manifests\":[", "{},", "{}]}")]
    [InlineData("index.json", "{\"manifests\":[", "[", "]")]
    public void Documents_of_megabytes_are_refused(string name, string start, string middle, string end)
    {
        foreach (var size in new[] { 3 << 20, 5 << 20, 100 << 20 })
        {
            Write("documents", stream =>
            {
                Entry(stream, "oci-layout", '0', 0);
                var repeated = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(middle, 1 + (65536 / middle.Length))));
                var times = (size / repeated.Length) + 1;
                Entry(stream, name, '0', start.Length + end.Length + ((long)times * repeated.Length));
                stream.Write(Encoding.ASCII.GetBytes(start));
                for (var count = 0; count < times; count++)
                {
                    stream.Write(repeated);
                }

                stream.Write(Encoding.ASCII.GetBytes(end));
                stream.Write(new byte[-(start.Length + end.Length + ((long)times * repeated.Length)) & 511]);
            });
            Run("load", "-i", At("documents")).ShouldFailInOneLine(1);
        }

        ShouldBeEmpty();
    }

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();

    private static void Pax(Stream stream, char type, string text)
    {
        var length = text.Length + 3;
        while (length != text.Length + 2 + length.ToString().Length)
        {
            length = text.Length + 2 + length.ToString().Length;
        }

        var record = Encoding.ASCII.GetBytes($"{length} {text}\n");
        Entry(stream, "pax", type, record.Length);
        stream.Write(record);
        stream.Write(new byte[-record.Length & 511]);
    }

    private static void Entry(Stream stream, string name, char type, long size)
    {
        Span<byte> header = stackalloc byte[512];
        header.Clear();
        Encoding.ASCII.GetBytes(name, header);
        Encoding.ASCII.GetBytes("0000755", header[100..]);
        Encoding.ASCII.GetBytes("0000000", header[108..]);
        Encoding.ASCII.GetBytes("0000000", header[116..]);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0'), header[124..]);
        Encoding.ASCII.GetBytes("00000000000", header[136..]);
        header[156] = (byte)type;
        Encoding.ASCII.GetBytes("ustar\u000000", header[257..]);
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in header)
        {
            sum += value;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", header[148..]);
        stream.Write(header);
    }

    private string At(string name) => Path.Combine(_host.Folder, name);

    private void Write(string name, Action<Stream> write)
    {
        using var file = File.Create(At(name));
        using var packed = new GZipStream(file, CompressionLevel.Fastest);
        write(packed);
        packed.Write(new byte[1024]);
    }

    private CommandResult Run(params string[] arguments)
    {
        using var command = new RunningCommand("/bin/bash", ["-c", "ulimit -v $1; exec \"${@:2}\"", "bash", Kilobytes.ToString(), Host.Binary, .. _host.Arguments(arguments)]);
        command.CloseInput();
        return command.Wait();
    }

    private void ShouldBeEmpty()
    {
        foreach (var folder in new[] { "work", "layers", "blobs/sha256" })
        {
            var path = Path.Combine(_host.Root, folder);
            (Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : []).ShouldBeEmpty();
        }
    }
}
