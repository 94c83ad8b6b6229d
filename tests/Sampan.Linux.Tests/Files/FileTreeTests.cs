using Sampan.Linux.Files;

namespace Sampan.Linux.Tests.Files;

public sealed class FileTreeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Removes_a_tree()
    {
        FileTree.MakeDirectories(_directory["a/b/c"]);
        File.WriteAllText(_directory["a/b/file"], "x");

        FileTree.Remove(_directory["a"]).ShouldBeTrue();

        Directory.Exists(_directory["a"]).ShouldBeFalse();
        FileTree.Remove(_directory["a"]).ShouldBeFalse();
    }

    [Fact]
    public void Removes_links_and_not_what_they_point_to()
    {
        FileTree.MakeDirectories(_directory["outside"]);
        File.WriteAllText(_directory["outside/canary"], "x");
        FileTree.MakeDirectories(_directory["tree"]);
        File.CreateSymbolicLink(_directory["tree/link"], _directory["outside"]);

        FileTree.Remove(_directory["tree"]);

        File.Exists(_directory["outside/canary"]).ShouldBeTrue();
    }

    [Fact]
    public void Removes_a_link_at_the_end_of_the_path_itself()
    {
        FileTree.MakeDirectories(_directory["outside"]);
        File.WriteAllText(_directory["outside/canary"], "x");
        File.CreateSymbolicLink(_directory["link"], _directory["outside"]);

        FileTree.Remove(_directory["link"]).ShouldBeTrue();

        File.Exists(_directory["outside/canary"]).ShouldBeTrue();
    }

    [Fact]
    public void Removes_a_tree_deeper_than_descriptors_and_path_names_reach()
    {
        var current = FileDescriptor.Open(_directory.Path, OpenFlags.ReadOnly | OpenFlags.Directory);
        current.MakeDirectory("deep");
        for (var level = 0; level < 3000; level++)
        {
            var next = current.OpenAt("deep", OpenFlags.ReadOnly | OpenFlags.Directory);
            current.Dispose();
            current = next;
            current.MakeDirectory("deep");
        }

        current.Dispose();

        FileTree.Remove(_directory["deep"]).ShouldBeTrue();
        FileTree.List(_directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Makes_directories_once_and_refuses_a_file_in_the_way()
    {
        FileTree.MakeDirectories(_directory["x/y"]);
        FileTree.MakeDirectories(_directory["x/y"]);
        File.WriteAllText(_directory["x/file"], "");

        Should.Throw<LinuxException>(() => FileTree.MakeDirectories(_directory["x/file/z"])).Errno.ShouldBe(Errno.ENOTDIR);
    }

    [Fact]
    public void Lists_names_that_are_not_text()
    {
        using var directory = FileDescriptor.Open(_directory.Path, OpenFlags.ReadOnly | OpenFlags.Directory);
        FileName name = FileName.FromBytes([0xff, 0xfe, (byte)'x']);
        directory.MakeDirectory(name);

        var entry = directory.ReadEntries().ShouldHaveSingleItem();

        entry.Name.ShouldBe(name);
        entry.Type.ShouldBe(FileType.Directory);
    }

    [Fact]
    public void Reads_nothing_where_nothing_is()
    {
        FileTree.TryRead(_directory["none"]).ShouldBeNull();
        FileTree.List(_directory["none"]).ShouldBeEmpty();
    }
}
