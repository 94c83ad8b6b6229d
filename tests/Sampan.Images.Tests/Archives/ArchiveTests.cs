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
    public void Umoci_reads_what_was_saved_as_oci()
    {
        var image = TwoLayers("app:2");
        File.WriteAllBytes(_fixture["saved.tar"], Save(ArchiveFormat.Oci, "app:2"));
        FileTree.MakeDirectories(_fixture["layout"]);
        _fixture.Run("tar", "-C", _fixture["layout"], "-xf", _fixture["saved.tar"]);

        _fixture.Run("umoci", "ls", "--layout", _fixture["layout"]).Trim().ShouldBe("2");
        _fixture.Run("umoci", "stat", "--image", _fixture["layout"] + ":2", "--json").ShouldStartWith("{\"history\":[{\"layer\":");
        _fixture.Run("umoci", "unpack", "--image", _fixture["layout"] + ":2", _fixture["bundle"]);

        File.Exists(_fixture["bundle/rootfs/base"]).ShouldBeFalse();
        Directory.GetFileSystemEntries(_fixture["bundle/rootfs/dir"]).Select(Path.GetFileName).ShouldBe(["only"]);
        image.DiffIds.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("xz", "-1")]
    [InlineData("bzip2", "-1")]
    [InlineData("zstd", "-q")]
    [InlineData("gzip", "-1")]
    public void Whatever_an_archive_is_packed_with_it_is_the_same(string program, string option)
    {
        var image = TwoLayers("app:2");
        File.WriteAllBytes(_fixture["saved.tar"], Save(ArchiveFormat.Docker, "app:2"));
        _fixture.Run("sh", "-c", $"{program} {option} -c saved.tar > packed; {program} {option} -c saved.tar > twice; printf '' | {program} -c >> twice");

        foreach (var packed in new[] { "packed", "twice" })
        {
            // Two streams, one after the other, are one file for all of these programs.
            var other = new ImageStore(_fixture["other-" + packed], durable: false);
            using var archive = File.OpenRead(_fixture[packed]);
            other.Load(archive).ShouldHaveSingleItem().Id.ShouldBe(image.Id);
        }
    }

    [Theory]
    [InlineData("xz", "application/vnd.oci.image.layer.v1.tar")]
    [InlineData("bzip2", "application/vnd.oci.image.layer.v1.tar")]
    [InlineData("gzip", "application/vnd.oci.image.layer.v1.tar+gzip")]
    [InlineData("zstd", "application/vnd.oci.image.layer.v1.tar+zstd")]
    public void An_imported_layer_is_packed_as_a_layer_may_be(string program, string mediaType)
    {
        File.WriteAllBytes(_fixture["plain.tar"], _fixture.Simple());
        _fixture.Run("sh", "-c", $"{program} -c plain.tar > packed");

        var image = _fixture.Import(File.ReadAllBytes(_fixture["packed"]), "packed");

        image.DiffIds.ShouldHaveSingleItem().ShouldBe("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_fixture["plain.tar"]))));
        File.ReadAllText(_fixture["store/blobs/sha256/" + image.Digest[7..]]).ShouldContain($"\"{mediaType}\"");
        _fixture.Run("skopeo", "copy", "--insecure-policy", $"oci:{_fixture["store"]}:docker.io/library/packed:latest", $"dir:{_fixture["checked"]}");
    }

    [Theory]
    [InlineData("linux/amd64", "docker.io/library/two:1")]
    [InlineData("s390x", "docker.io/library/two:1")]
    public void The_platform_that_is_asked_for_is_taken(string platform, string name)
    {
        var other = new ImageStore(_fixture["several"], durable: false);
        foreach (var architecture in new[] { "amd64", "s390x" })
        {
            _fixture.Store.Import(new MemoryStream(_fixture.Simple(content: architecture)), new() { Reference = architecture, Architecture = architecture });
        }

        var entries = _fixture.Store.List().Select(image => $$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{image.Digest}}","size":{{new FileInfo(_fixture["store/blobs/sha256/" + image.Digest[7..]]).Length}},"platform":{"os":"linux","architecture":"{{image.Architecture}}"} }""");
        var index = $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{string.Join(',', entries)}}]}""";
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(index)));
        _fixture.Run("cp", "-r", _fixture["store/blobs"], _fixture["store/oci-layout"], FolderOf("layout"));
        File.WriteAllText(_fixture["layout/blobs/sha256/" + hash], index);
        File.WriteAllText(_fixture["layout/index.json"], $$"""{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"sha256:{{hash}}","size":{{index.Length}},"annotations":{"io.containerd.image.name":"{{name}}"} }]}""");

        other.Load(new MemoryStream(_fixture.Tar("layout")), PlatformFilter.Parse(platform)).ShouldHaveSingleItem().Reference.ShouldBe("two:1");

        other.Find("two:1").Architecture.ShouldBe(platform.Split('/')[^1]);
        Should.Throw<SampanException>(() => other.Load(new MemoryStream(_fixture.Tar("layout")), PlatformFilter.Parse("linux/riscv64")))
            .Message.ShouldContain("does not match the specified platform: wanted linux/riscv64");
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

    [Fact]
    public void A_blob_goes_though_a_layer_of_its_digits_stays()
    {
        File.WriteAllBytes(_fixture["plain.tar"], _fixture.Simple());
        _fixture.Run("gzip", "-k", _fixture["plain.tar"]);
        var plain = _fixture.Import(File.ReadAllBytes(_fixture["plain.tar"]), "plain");
        var packed = _fixture.Import(File.ReadAllBytes(_fixture["plain.tar.gz"]), "packed");
        packed.DiffIds.ShouldBe(plain.DiffIds);

        _fixture.Store.Remove("plain", force: false, static _ => null);

        File.Exists(_fixture["store/blobs/sha256/" + plain.DiffIds[0][7..]]).ShouldBeFalse();
        packed.LayerDirectories.ShouldAllBe(layer => Directory.Exists(layer));
    }

    [Fact]
    public void One_configuration_in_two_manifests_is_one_image_with_both_names()
    {
        // As it is when an image was loaded, and comes from a registry with its layers compressed.
        FileTree.MakeDirectories(_fixture["upper"]);
        File.WriteAllText(_fixture["upper/file"], "content");
        var epoch = DateTimeOffset.UnixEpoch;
        var first = _fixture.Store.Commit(new() { UpperDirectory = _fixture["upper"], Reference = "one", Epoch = epoch });
        _fixture.Store.Commit(new() { UpperDirectory = _fixture["upper"], Reference = "two", Epoch = epoch, Compression = LayerCompression.Gzip }).ShouldBe(first);

        _fixture.Store.List().ShouldHaveSingleItem().RepoTags.ShouldBe(["one:latest", "two:latest"]);
        _fixture.Store.Find("two").RepoTags.ShouldBe(["one:latest", "two:latest"]);
        _fixture.Store.Find("two").Digest.ShouldNotBe(_fixture.Store.Find("one").Digest);
        _fixture.Store.Remove("one", force: false, static _ => null).ShouldHaveSingleItem().Untagged.ShouldBe("one:latest");
        _fixture.Store.Find(first).RepoTags.ShouldBe(["two:latest"]);
        _fixture.Store.Check().ShouldBeEmpty();
        _fixture.Store.Remove(first, force: false, static _ => null).ShouldContain(record => record.Deleted == first);
        FileTree.List(_fixture["store/blobs/sha256"]).ShouldBeEmpty();
        FileTree.List(_fixture["store/layers"]).ShouldBeEmpty();
    }

    private string FolderOf(string name)
    {
        FileTree.MakeDirectories(_fixture[name]);
        return _fixture[name];
    }

    private string Find(string directory) => _fixture.Run("find", directory, "-printf", "%P %y %m %U:%G %s %l %T@\\n");
}
