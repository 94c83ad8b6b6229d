using System.IO.Compression;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Tests.Archives;

public sealed class ArchiveTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(ArchiveFormat.Docker)]
    [InlineData(ArchiveFormat.Oci)]
    public void What_was_saved_loads_as_the_same_image(ArchiveFormat format)
    {
        var image = TwoLayers("app:2");
        _fixture.Store.Tag("app:2", "registry.example:5000/team/app:prod");
        var archive = Save(format, "app:2", "registry.example:5000/team/app:prod");
        var other = new ImageStore(_fixture["other"], durable: false);

        var loaded = other.Load(new MemoryStream(archive));

        loaded.Select(item => item.Reference).ShouldBe(["app:2", "registry.example:5000/team/app:prod"]);
        var copy = other.Find("app:2");
        copy.Id.ShouldBe(image.Id);
        copy.Digest.ShouldBe(image.Digest);
        copy.DiffIds.ShouldBe(image.DiffIds);
        copy.Size.ShouldBe(image.Size);
        copy.LayerDirectories.Zip(image.LayerDirectories).ShouldAllBe(pair => Find(pair.First) == Find(pair.Second));
    }

    [Fact]
    public void Saving_twice_gives_the_same_bytes()
    {
        TwoLayers("app:2");

        Save(ArchiveFormat.Docker, "app:2").ShouldBe(Save(ArchiveFormat.Docker, "app:2"));
    }

    [Fact]
    public void A_repository_stands_for_its_tags_and_an_id_for_no_name()
    {
        var image = TwoLayers("app:1");
        _fixture.Store.Tag("app:1", "app:2");
        var other = new ImageStore(_fixture["other"], durable: false);

        other.Load(new MemoryStream(Save(ArchiveFormat.Docker, "app"))).Select(item => item.Reference).ShouldBe(["app:1", "app:2"]);
        other.Load(new MemoryStream(Save(ArchiveFormat.Docker, image.Id[7..19]))).ShouldHaveSingleItem().ShouldBe(new(image.Id, null));
        other.Find(image.Id).RepoTags.ShouldBe(["app:1", "app:2"]);
    }

    [Fact]
    public void Loads_a_compressed_archive()
    {
        TwoLayers("app:2");
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Save(ArchiveFormat.Docker, "app:2"));
        }

        compressed.Position = 0;
        new ImageStore(_fixture["other"], durable: false).Load(compressed).ShouldHaveSingleItem().Reference.ShouldBe("app:2");
    }

    [Theory]
    [InlineData("docker-archive:{0}:peer:1")]
    [InlineData("oci-archive:{0}:peer:1")]
    public void Loads_what_skopeo_wrote(string destination)
    {
        var image = TwoLayers("app:2");
        _fixture.Run("skopeo", "copy", "--insecure-policy", $"oci:{_fixture["store"]}:docker.io/library/app:2", string.Format(null, destination, _fixture["peer.tar"]));
        var other = new ImageStore(_fixture["other"], durable: false);

        using (var archive = File.OpenRead(_fixture["peer.tar"]))
        {
            other.Load(archive).ShouldHaveSingleItem().Reference.ShouldBe("peer:1");
        }

        var copy = other.Find("peer:1");
        copy.DiffIds.ShouldBe(image.DiffIds);
        copy.LayerDirectories.Zip(image.LayerDirectories).ShouldAllBe(pair => Find(pair.First) == Find(pair.Second));
    }

    [Theory]
    [InlineData(ArchiveFormat.Docker, "docker-archive:{0}")]
    [InlineData(ArchiveFormat.Docker, "docker-archive:{0}:docker.io/library/app:2")]
    [InlineData(ArchiveFormat.Docker, "oci-archive:{0}:2")]
    [InlineData(ArchiveFormat.Oci, "oci-archive:{0}:2")]
    public void Skopeo_reads_what_was_saved(ArchiveFormat format, string source)
    {
        var image = TwoLayers("app:2");
        File.WriteAllBytes(_fixture["saved.tar"], Save(format, "app:2"));

        var config = _fixture.Run("skopeo", "inspect", "--raw", "--config", string.Format(null, source, _fixture["saved.tar"]));

        foreach (var diffId in image.DiffIds)
        {
            config.ShouldContain(diffId);
        }
    }

    [Fact]
    public void Umoci_unpacks_the_store_to_the_same_files()
    {
        TwoLayers("app:2");

        // umoci takes only tags without slashes: let skopeo copy the layout, which checks every digest on the way.
        _fixture.Run("skopeo", "copy", "--insecure-policy", $"oci:{_fixture["store"]}:docker.io/library/app:2", $"oci:{_fixture["layout"]}:2");
        _fixture.Run("umoci", "unpack", "--image", _fixture["layout"] + ":2", _fixture["bundle"]);

        File.Exists(_fixture["bundle/rootfs/base"]).ShouldBeFalse();
        File.ReadAllText(_fixture["bundle/rootfs/added"]).ShouldBe("new");
        Directory.GetFileSystemEntries(_fixture["bundle/rootfs/dir"]).Select(Path.GetFileName).ShouldBe(["only"]);
    }

    [Fact]
    public void An_archive_that_is_no_image_says_so()
    {
        var error = Should.Throw<SampanException>(() => _fixture.Store.Load(new MemoryStream(_fixture.Simple())));

        error.Message.ShouldBe("not an image archive: it has neither manifest.json nor oci-layout; a root filesystem becomes an image with import");
        _fixture.Store.List().ShouldBeEmpty();
        FileTree.List(_fixture["store/work"]).ShouldBeEmpty();
    }

    private StoredImage TwoLayers(string reference)
    {
        FileTree.MakeDirectories(_fixture["root/dir"]);
        File.WriteAllText(_fixture["root/base"], "old");
        File.WriteAllText(_fixture["root/dir/hidden"], "old");
        var parent = _fixture.Import(_fixture.Tar("root"), null, "ENV A=1");
        FileTree.MakeDirectories(_fixture["upper/dir"]);
        File.WriteAllText(_fixture["upper/added"], "new");
        File.WriteAllText(_fixture["upper/dir/only"], "new");
        using (var upper = FileDescriptor.Open(_fixture["upper"], OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            upper.TryMakeNode("base", FileType.CharacterDevice, 0);
            upper.TrySetAttributeAt("dir", "trusted.overlay.opaque", "y"u8).ShouldBe(Errno.None);
        }

        return _fixture.Commit(parent, "upper", reference);
    }

    private byte[] Save(ArchiveFormat format, params string[] names)
    {
        using var output = new MemoryStream();
        _fixture.Store.Save(names, output, format);
        return output.ToArray();
    }

    private string Find(string directory) => _fixture.Run("find", directory, "-printf", "%P %y %m %U:%G %s %l %T@\\n");
}
