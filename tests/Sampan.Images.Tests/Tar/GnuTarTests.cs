using Sampan.Linux.Files;

namespace Sampan.Images.Tests.Tar;

/// <summary>What GNU tar packs in each of its formats is unpacked as it was.</summary>
public sealed class GnuTarTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("--format=v7")]
    [InlineData("--format=ustar")]
    [InlineData("--format=oldgnu")]
    [InlineData("--format=gnu")]
    [InlineData("--format=posix")]
    public void Reads_each_format(string format)
    {
        FileTree.MakeDirectories(_fixture["root/dir"]);
        File.WriteAllText(_fixture["root/dir/file"], new string('x', 1000));
        File.WriteAllText(_fixture["root/empty"], "");
        _fixture.Run("ln", _fixture["root/dir/file"], _fixture["root/hard"]);
        File.CreateSymbolicLink(_fixture["root/soft"], "dir/file");
        _fixture.Run("touch", "-h", "-d", "2001-02-03 04:05:06", _fixture["root/soft"], _fixture["root/dir/file"], _fixture["root/empty"], _fixture["root/dir"], _fixture["root"]);

        Unpacked(format);
    }

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=posix")]
    public void Reads_long_names_large_owners_and_old_times(string format)
    {
        var directory = "root/" + string.Join('/', Enumerable.Repeat(new string('d', 120), 3));
        FileTree.MakeDirectories(_fixture[directory]);
        File.WriteAllText(_fixture[directory + "/" + new string('f', 200)], "x");
        File.CreateSymbolicLink(_fixture["root/link"], new string('t', 300));
        File.WriteAllText(_fixture["root/owned"], "x");
        _fixture.Run("chown", "3000000:4000000", _fixture["root/owned"]);
        File.WriteAllText(_fixture["root/old"], "x");
        _fixture.Run("touch", "-d", "1931-02-03 04:05:06", _fixture["root/old"]);
        foreach (var path in Directory.GetFileSystemEntries(_fixture["root"], "*", SearchOption.AllDirectories).Append(_fixture["root"]))
        {
            if (!path.EndsWith("/old", StringComparison.Ordinal))
            {
                _fixture.Run("touch", "-h", "-d", "2001-02-03 04:05:06", path);
            }
        }

        Unpacked(format);
    }

    [Fact]
    public void Keeps_nanoseconds_and_names_that_are_not_text()
    {
        FileTree.MakeDirectories(_fixture["root"]);
        using (var root = FileDescriptor.Open(_fixture["root"], OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            root.MakeDirectory(FileName.FromBytes([0xff, 0xfe, .. new byte[120].Select(_ => (byte)0xe9)]));
            File.WriteAllText(_fixture["root/time"], "");
            root.SetTimesAt("time", new(1, 1), new(1234567890, 123456789));
            root.SetTimesAt(FileName.FromBytes([0xff, 0xfe, .. new byte[120].Select(_ => (byte)0xe9)]), new(1, 1), new(-7, 5));
        }

        Unpacked("--format=posix");
    }

    [Fact]
    public void Keeps_binary_attributes()
    {
        FileTree.MakeDirectories(_fixture["root"]);
        File.WriteAllText(_fixture["root/file"], "");
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] binary = [(byte)'\n', 0, (byte)'=', 255, (byte)'\n'];
        using (var root = FileDescriptor.Open(_fixture["root"], OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            root.TrySetAttributeAt("file", "security.capability", capability).ShouldBe(Linux.Errno.None);
            root.TrySetAttributeAt("file", "user.binary", binary).ShouldBe(Linux.Errno.None);
        }

        var layer = Unpacked("--format=posix", "--xattrs", "--xattrs-include=*");

        using var unpacked = FileDescriptor.Open(layer, OpenFlags.ReadOnly | OpenFlags.Directory);
        unpacked.TryGetAttributeAt("file", "security.capability").ShouldBe(capability);
        unpacked.TryGetAttributeAt("file", "user.binary").ShouldBe(binary);
    }

    [Theory]
    [InlineData("--format=oldgnu", "--sparse")]
    [InlineData("--format=gnu", "--sparse")]
    [InlineData("--format=posix", "--sparse", "--sparse-version=0.0")]
    [InlineData("--format=posix", "--sparse", "--sparse-version=0.1")]
    [InlineData("--format=posix", "--sparse", "--sparse-version=1.0")]
    public void Reads_sparse_files(params string[] options)
    {
        FileTree.MakeDirectories(_fixture["root"]);
        using (var file = FileDescriptor.Open(_fixture["root/sparse"], OpenFlags.ReadWrite | OpenFlags.Create, 0x1a4))
        {
            // More pieces than an old GNU header and its first extension hold.
            for (var piece = 0; piece < 60; piece++)
            {
                file.Seek(piece * 1_000_000L, SeekOrigin.Begin);
                file.WriteAll(System.Text.Encoding.ASCII.GetBytes($"piece {piece}"));
            }

            file.SetLength(100_000_000);
        }

        using (var hole = FileDescriptor.Open(_fixture["root/hole"], OpenFlags.ReadWrite | OpenFlags.Create, 0x1a4))
        {
            hole.SetLength(5_000_000);
        }

        _fixture.Run("touch", "-d", "2001-02-03 04:05:06", _fixture["root/sparse"], _fixture["root/hole"], _fixture["root"]);

        var layer = Unpacked(options);

        (FileDescriptor.TryStatus(layer + "/sparse")!.Value.Blocks * 512).ShouldBeLessThan(2_000_000);
        FileDescriptor.TryStatus(layer + "/hole")!.Value.Blocks.ShouldBe(0);
    }

    private string Unpacked(params string[] options)
    {
        var layer = _fixture.Import(_fixture.Tar("root", options)).LayerDirectories[0];
        _fixture.Listing(layer).ShouldBe(_fixture.Listing("root"));
        _fixture.Run("diff", "-r", "--no-dereference", _fixture["root"], layer);
        return layer;
    }
}
