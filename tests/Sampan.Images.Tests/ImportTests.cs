using Sampan.Linux.Files;

namespace Sampan.Images.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("--no-auto-compress")]
    [InlineData("--gzip")]
    [InlineData("--zstd")]
    public void Unpacks_what_tar_packed(string compression)
    {
        MakeRoot();

        var image = _fixture.Import(_fixture.Tar("root", compression), "base:1", "CMD [\"sh\"]", "ENV A=1");

        image.RepoTags.ShouldBe(["base:1"]);
        image.Config.Config!.Cmd.ShouldBe(["sh"]);
        image.Config.Config.Env.ShouldBe(["A=1"]);
        var layer = image.LayerDirectories.ShouldHaveSingleItem();
        _fixture.Listing(layer).ShouldBe(_fixture.Listing("root"));
        image.Size.ShouldBe(5);
    }

    private void MakeRoot()
    {
        FileTree.MakeDirectories(_fixture["root/bin"]);
        File.WriteAllText(_fixture["root/bin/a"], "hello");
        _fixture.Run("ln", _fixture["root/bin/a"], _fixture["root/bin/b"]);
        File.CreateSymbolicLink(_fixture["root/link"], "/bin/a");
        _fixture.Run("chmod", "4755", _fixture["root/bin/a"]);
        _fixture.Run("mkfifo", _fixture["root/fifo"]);
        _fixture.Run("mknod", _fixture["root/null"], "c", "1", "3");
        _fixture.Run("chown", "-h", "12:34", _fixture["root/link"]);
        _fixture.Run("touch", "-h", "-d", "2001-02-03 04:05:06", _fixture["root/link"], _fixture["root/bin/a"], _fixture["root/bin"], _fixture["root"], _fixture["root/fifo"], _fixture["root/null"]);
    }
}
