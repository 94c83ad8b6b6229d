using Sampan.Images.Tests.Tar;
using Sampan.Linux.Files;

namespace Sampan.Images.Tests.Layers;

/// <summary>Layers as the kernel's overlay sees them.</summary>
public sealed class WhiteoutTests : IDisposable
{
    private readonly ImageFixture _fixture = new();
    private readonly string _lower;

    public WhiteoutTests() => _lower = _fixture.Import(new RawTar()
        .Directory("dir").File("dir/old").Directory("dir/sub").File("dir/sub/old").File("file").Directory("gone").File("gone/old").Bytes).LayerDirectories[0];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Removed_names_are_gone() =>
        Merged(new RawTar().File(".wh.file", "").File("dir/.wh.old", "").File(".wh.gone", "")).ShouldBe(["dir", "dir/sub", "dir/sub/old"]);

    [Fact]
    public void An_opaque_directory_hides_the_lower_one() =>
        Merged(new RawTar().Directory("dir").File("dir/.wh..wh..opq", "").File("dir/new")).ShouldBe(["dir", "dir/new", "file", "gone", "gone/old"]);

    [Fact]
    public void An_opaque_mark_may_come_before_its_directory() =>
        Merged(new RawTar().File("dir/.wh..wh..opq", "").File("dir/new").Directory("dir")).ShouldBe(["dir", "dir/new", "file", "gone", "gone/old"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_directory_made_anew_hides_the_lower_one_in_either_order(bool markFirst)
    {
        var archive = new RawTar();
        archive = markFirst ? archive.File(".wh.dir", "").Directory("dir").File("dir/new") : archive.Directory("dir").File("dir/new").File(".wh.dir", "");

        Merged(archive).ShouldBe(["dir", "dir/new", "file", "gone", "gone/old"]);
    }

    [Fact]
    public void A_directory_made_anew_without_an_entry_of_its_own_hides_the_lower_one() =>
        Merged(new RawTar().File(".wh.dir", "").File("dir/sub/new")).ShouldBe(["dir", "dir/sub", "dir/sub/new", "file", "gone", "gone/old"]);

    [Fact]
    public void A_file_of_the_same_layer_is_not_hidden() =>
        Merged(new RawTar().File("file", "new").File(".wh.file", "")).ShouldContain("file");

    [Fact]
    public void Notes_of_aufs_are_passed_over() =>
        Merged(new RawTar().File(".wh..wh.aufs", "").Directory(".wh..wh.plnk")).ShouldBe(["dir", "dir/old", "dir/sub", "dir/sub/old", "file", "gone", "gone/old"]);

    private string[] Merged(RawTar archive)
    {
        var upper = _fixture.Import(archive.Bytes).LayerDirectories[0];
        FileTree.MakeDirectories(_fixture["merged"]);
        var list = _fixture.Run("unshare", "-m", "sh", "-c", $"mount -t overlay overlay -o lowerdir={upper}:{_lower} {_fixture["merged"]} && cd {_fixture["merged"]} && find . -mindepth 1 | cut -c3- | LC_ALL=C sort");
        return list.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
