using System.Net.Sockets;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Images.Tests.Commits;

public sealed class CommitTests : IDisposable
{
    private readonly ImageFixture _fixture = new();
    private readonly FileDescriptor _upper;

    public CommitTests()
    {
        FileTree.MakeDirectories(_fixture["upper"]);
        _upper = FileDescriptor.Open(_fixture["upper"], OpenFlags.ReadOnly | OpenFlags.Directory);
    }

    public void Dispose()
    {
        _upper.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public void The_layer_is_what_the_container_wrote()
    {
        _upper.MakeDirectory("dir");
        File.WriteAllText(_fixture["upper/dir/file"], "content");
        _fixture.Run("ln", _fixture["upper/dir/file"], _fixture["upper/hard"]);
        File.CreateSymbolicLink(_fixture["upper/soft"], new string('t', 200));
        File.WriteAllText(_fixture["upper/" + new string('n', 200)], "");
        _fixture.Run("mkfifo", _fixture["upper/fifo"]);
        _fixture.Run("mknod", _fixture["upper/device"], "b", "259", "70000");
        _fixture.Run("chown", "3000000:5", _fixture["upper/dir/file"]);
        _fixture.Run("chmod", "6755", _fixture["upper/dir/file"]);
        _upper.MakeDirectory(FileName.FromBytes([0xff, 0xfe]));
        _upper.TrySetAttributeAt("dir", "user.binary", [0, 10, 61, 255]).ShouldBe(Errno.None);
        _upper.TrySetAttributeAt("dir", "trusted.overlay.origin", [1]).ShouldBe(Errno.None);
        _upper.SetTimesAt("dir", default, new(-5, 250_000_000));
        _upper.SetTimesAt("soft", default, new(1234567890, 987654321));
        _upper.SetTimes(default, default);

        var layer = Commit().LayerDirectories.ShouldHaveSingleItem();

        _fixture.Listing(layer).ShouldBe(_fixture.Listing("upper"));
        _fixture.Run("diff", "-r", "--no-dereference", "--exclude=device", "--exclude=fifo", _fixture["upper"], layer);
        using var unpacked = FileDescriptor.Open(layer, OpenFlags.ReadOnly | OpenFlags.Directory);
        unpacked.AttributesAt("dir").ShouldHaveSingleItem().Value.ShouldBe([0, 10, 61, 255]);
        unpacked.StatusAt("dir").Modified.ShouldBe(new TimeSpec(-5, 250_000_000));
        unpacked.StatusAt("device").DeviceMinor.ShouldBe(70000u);
        unpacked.StatusAt("hard").Links.ShouldBe(2u);
    }

    [Fact]
    public void Gnu_tar_reads_the_layer()
    {
        _upper.MakeDirectory("dir");
        File.WriteAllText(_fixture["upper/dir/" + new string('n', 200)], "content");
        using (var sparse = FileDescriptor.Open(_fixture["upper/sparse"], OpenFlags.ReadWrite | OpenFlags.Create, 0x1a4))
        {
            sparse.Seek(3_000_000, SeekOrigin.Begin);
            sparse.WriteAll("data"u8);
            sparse.SetLength(50_000_000);
        }

        var image = Commit();

        FileTree.MakeDirectories(_fixture["peer"]);
        var blob = _fixture["store/blobs/sha256/" + image.DiffIds[0][7..]];
        new FileInfo(blob).Length.ShouldBeLessThan(1_000_000);
        _fixture.Run("tar", "-C", _fixture["peer"], "-xf", blob);
        _fixture.Run("diff", "-r", _fixture["upper"], _fixture["peer"]);
        _fixture.Run("diff", "-r", _fixture["upper"], image.LayerDirectories[0]);
        image.Size.ShouldBe(50_000_007);
    }

    [Fact]
    public void Removed_files_and_opaque_directories_stay_so()
    {
        _upper.TryMakeNode("removed", FileType.CharacterDevice, 0);
        _upper.MakeDirectory("opaque");
        _upper.TrySetAttributeAt("opaque", "trusted.overlay.opaque", "y"u8);

        var image = Commit();

        using var layer = FileDescriptor.Open(image.LayerDirectories[0], OpenFlags.ReadOnly | OpenFlags.Directory);
        layer.StatusAt("removed").IsWhiteout.ShouldBeTrue();
        layer.TryGetAttributeAt("opaque", "trusted.overlay.opaque").ShouldBe("y"u8.ToArray());
        _fixture.Run("tar", "-tf", _fixture["store/blobs/sha256/" + image.DiffIds[0][7..]]).ShouldBe("opaque/\nopaque/.wh..wh..opq\n.wh.removed\n");
    }

    [Fact]
    public void The_same_changes_make_the_same_layer()
    {
        _upper.MakeDirectory("b");
        _upper.MakeDirectory("a");
        File.WriteAllText(_fixture["upper/b/file"], "x");

        Commit().DiffIds.ShouldBe(Commit().DiffIds);
    }

    [Fact]
    public void Without_changes_there_is_no_new_layer()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_fixture["upper/socket"]));
        var parent = _fixture.ImportSimple("base");

        var image = _fixture.Commit(parent, "upper", "app");

        image.DiffIds.ShouldBe(parent.DiffIds);
        image.Id.ShouldNotBe(parent.Id);
        image.History()[0].Size.ShouldBe(0);
    }

    [Fact]
    public void What_a_layer_cannot_express_is_refused()
    {
        _upper.MakeDirectory(".wh.file");
        Should.Throw<SampanException>(() => Commit()).Message.ShouldContain("cannot commit \".wh.file\"");
        _upper.RemoveDirectory(".wh.file");
        _upper.MakeDirectory("moved");
        _upper.TrySetAttributeAt("moved", "trusted.overlay.redirect", "/old"u8);
        Should.Throw<SampanException>(() => Commit()).Message.ShouldContain("cannot commit \"moved\"");
        FileTree.List(_fixture["store/work"]).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_not_known_of_a_configuration_is_kept()
    {
        var parent = _fixture.ImportSimple("base", "x", "CMD [\"sh\"]", "HEALTHCHECK --interval=1m30s CMD true");
        parent.Config.Config!.Others = new(StringComparer.Ordinal) { ["ArgsEscaped"] = System.Text.Json.JsonDocument.Parse("true").RootElement };
        File.WriteAllText(_fixture["upper/x"], "");

        var config = _fixture.Commit(parent, "upper", "app").Config.Config!;

        config.Others!["ArgsEscaped"].GetBoolean().ShouldBeTrue();
        config.Healthcheck!.Interval.ShouldBe(90_000_000_000);
        config.Cmd.ShouldBe(["sh"]);
    }

    private StoredImage Commit() => _fixture.Commit(null, "upper", null);
}
