using System.Security.Cryptography;
using System.Text;
using Sampan.Images.Tests.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Tests.Archives;

/// <summary>Image archives that lie about what is in them.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private static readonly string Layer = Encoding.Latin1.GetString(new RawTar().File("file", "content").Bytes);
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void An_old_docker_archive_with_links_between_layers_loads()
    {
        var config = Config(Hash(Layer), Hash(Layer));
        var archive = new RawTar()
            .Entry("one/layer.tar", '0', Layer)
            .Symlink("two/layer.tar", "../one/layer.tar")
            .Entry("c.json", '0', config)
            .Entry("manifest.json", '0', """[{"Config":"c.json","RepoTags":["old:1","old:2"],"Layers":["one/layer.tar","two/layer.tar"]}]""");

        Load(archive).Select(image => image.Reference).ShouldBe(["old:1", "old:2"]);
        _fixture.Store.Find("old:1").Id.ShouldBe(Hash(config));
        File.ReadAllText(_fixture.Store.Find("old:2").LayerDirectories[1] + "/file").ShouldBe("content");
    }

    [Fact]
    public void A_layer_that_is_not_what_its_configuration_says_is_refused()
    {
        Refused(Docker(Config(Hash("another")), Layer)).ShouldContain($"its content has the digest {Hash(Layer)}");

        // Also where the store has the promised layer: the blob would be saved under its name.
        Load(Docker(Config(Hash(Layer)), Layer));
        var liar = Encoding.Latin1.GetString(new RawTar().File("file", "evil").Bytes);
        Refused(Docker(Config(Hash(Layer)), Gzip(liar)), left: 1).ShouldContain("its content has the digest");
    }

    [Theory]
    [InlineData("""[{"Config":"none","RepoTags":null,"Layers":[]}]""", "it has no file \"none\"")]
    [InlineData("""[{"RepoTags":null,"Layers":[]}]""", "it has no file \"\"")]
    [InlineData("""[{"Config":"../../../etc/passwd","Layers":[]}]""", "points outside")]
    [InlineData("""[{"Config":"/etc/passwd","Layers":[]}]""", "it has no file")]
    [InlineData("""[{"Config":"c.json","Layers":[]}]""", "names 1 layers")]
    [InlineData("""[{"Config":"c.json","Layers":["c.json"]}]""", "")]
    [InlineData("""[{"Config":"loop","Layers":["x"]}]""", "it has no file \"loop\"")]
    [InlineData("""{"Config":"c.json"}""", "manifest.json: not valid JSON")]
    [InlineData("[null]", "[0]: an object is expected, not null")]
    [InlineData("""[{"Config":"c.json","RepoTags":[null],"Layers":["layer.tar"]}]""", "[0].RepoTags[0]: a string is expected, not null")]
    [InlineData("""[{"Config":"c.json","Layers":[null]}]""", "[0].Layers[0]: a string is expected, not null")]
    [InlineData("[", "manifest.json: not valid JSON")]
    [InlineData("[]", "names no image")]
    [InlineData("""[{"Config":"c.json","RepoTags":["UPPER:1"],"Layers":["layer.tar"]}]""", "must be lowercase")]
    [InlineData("""[{"Config":"c.json","RepoTags":["../x"],"Layers":["layer.tar"]}]""", "invalid reference format")]
    public void Manifests_that_lie_are_refused(string manifest, string words)
    {
        var archive = new RawTar().Entry("layer.tar", '0', Layer).Entry("c.json", '0', Config(Hash(Layer))).Symlink("loop", "loop").Entry("manifest.json", '0', manifest);

        Refused(archive).ShouldContain(words);
    }

    [Theory]
    [InlineData("sha256:../../../../etc/passwd")]
    [InlineData("sha256:ABCDEF")]
    [InlineData("md5:0")]
    [InlineData("")]
    public void A_digest_that_is_none_never_becomes_a_path(string digest)
    {
        Refused(Docker(Config(digest), Layer)).ShouldContain("invalid digest");
        Refused(Layout($$"""{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{digest}}","size":1}]}""")).ShouldContain("invalid digest");
    }

    [Fact]
    public void A_document_that_is_two_things_at_once_is_refused()
    {
        var config = Config(Hash(Layer));
        var manifest = $$"""{"schemaVersion":2,"config":{"digest":"{{Hash(config)}}","size":{{config.Length}} },"layers":[{"digest":"{{Hash(Layer)}}","size":{{Layer.Length}} }],"manifests":[]}""";

        Refused(Layout(Index(manifest), manifest, config, Layer)).ShouldContain("claims to be another kind");
        Refused(Layout(Index(manifest, "application/vnd.oci.image.index.v1+json"), manifest, config, Layer)).ShouldContain("claims to be another kind");
        var disguised = manifest.Replace(",\"manifests\":[]", "", StringComparison.Ordinal).Replace("2,", "2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",", StringComparison.Ordinal);
        Refused(Layout(Index(disguised), disguised, config, Layer)).ShouldContain("claims to be another kind");
    }

    [Fact]
    public void Blobs_must_be_there_and_be_what_their_names_say()
    {
        var config = Config(Hash(Layer));
        var manifest = $$"""{"schemaVersion":2,"config":{"digest":"{{Hash(config)}}","size":{{config.Length}} },"layers":[{"digest":"{{Hash(Layer)}}","size":{{Layer.Length}} }]}""";

        Refused(Layout(Index(manifest), manifest, config)).ShouldBe($"invalid image archive: blob {Hash(Layer)} is missing");
        Refused(Layout(Index(manifest), config, Layer)).ShouldBe($"invalid image archive: blob {Hash(manifest)} is missing");
        var swapped = Layout(Index(manifest), manifest, config).Entry("blobs/sha256/" + Hash(Layer)[7..], '0', "other");
        Refused(swapped).ShouldContain($"blob {Hash(Layer)} has the digest {Hash("other")}");
    }

    [Fact]
    public void Sizes_must_be_what_descriptors_say()
    {
        var config = Config(Hash(Layer));
        var manifest = $$"""{"schemaVersion":2,"config":{"digest":"{{Hash(config)}}","size":{{config.Length}} },"layers":[{"digest":"{{Hash(Layer)}}","size":1}]}""";

        Refused(Layout(Index(manifest), manifest, config, Layer)).ShouldBe($"invalid image archive: blob {Hash(Layer)} has {Layer.Length} bytes and not 1");
        Refused(Layout(Index(manifest).Replace($"\"size\":{manifest.Length}", "\"size\":-1", StringComparison.Ordinal), manifest, config, Layer)).ShouldContain("bytes and not -1");
    }

    [Fact]
    public void More_layers_than_can_be_stacked_are_refused()
    {
        var config = Config([.. Enumerable.Repeat(Hash(Layer), 500)]);
        var layers = string.Join(',', Enumerable.Repeat("\"layer.tar\"", 500));

        Refused(new RawTar().Entry("layer.tar", '0', Layer).Entry("c.json", '0', config).Entry("manifest.json", '0', $$"""[{"Config":"c.json","RepoTags":["x:1"],"Layers":[{{layers}}]}]"""))
            .ShouldStartWith("max depth exceeded");
    }

    [Fact]
    public void Names_that_would_fill_memory_are_refused()
    {
        var archive = new RawTar();
        for (var count = 0; count < 300; count++)
        {
            archive.Pax($"path={count}/" + new string('n', 60_000)).File("x", "");
        }

        Refused(archive).ShouldContain("the names of its files take more than");
    }

    [Fact]
    public void Null_among_descriptors_is_refused()
    {
        Refused(Layout("""{"manifests":[null]}""")).ShouldContain("manifests[0]: an object is expected, not null");
        var manifest = $$"""{"schemaVersion":2,"config":{"digest":"{{Hash(Config(Hash(Layer)))}}","size":{{Config(Hash(Layer)).Length}} },"layers":[null]}""";
        Refused(Layout(Index(manifest), manifest, Config(Hash(Layer)))).ShouldContain("an object is expected, not null");
        var empty = """{"schemaVersion":2,"config":null}""";
        Refused(Layout(Index(empty), empty)).ShouldContain("invalid digest");
    }

    [Fact]
    public void Indexes_within_indexes_have_an_end()
    {
        var documents = new List<string> { """{"schemaVersion":2,"manifests":[]}""" };
        for (var level = 0; level < 8; level++)
        {
            documents.Add(Index(documents[^1], "application/vnd.oci.image.index.v1+json"));
        }

        Refused(Layout(documents[^1], [.. documents])).ShouldContain("indexes within indexes");
    }

    [Fact]
    public void Of_several_platforms_the_hosts_is_taken_and_attestations_are_not()
    {
        var manifests = new List<string>();
        var blobs = new List<string> { Layer };
        foreach (var architecture in new[] { "s390x", ImageStore.HostArchitecture })
        {
            var config = Config(Hash(Layer)).Replace("amd64", architecture, StringComparison.Ordinal);
            var manifest = $$"""{"schemaVersion":2,"note":"{{architecture}}","config":{"digest":"{{Hash(config)}}","size":{{config.Length}} },"layers":[{"digest":"{{Hash(Layer)}}","size":{{Layer.Length}} }]}""";
            manifests.Add($$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{Hash(manifest)}}","size":{{manifest.Length}},"platform":{"os":"linux","architecture":"{{architecture}}"} }""");
            blobs.AddRange([config, manifest]);
        }

        var attestation = $$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{Hash(Layer)}}","size":1,"platform":{"os":"unknown","architecture":"unknown"} }""";
        var inner = $$"""{"schemaVersion":2,"manifests":[{{attestation}},{{string.Join(',', manifests)}}]}""";
        blobs.Add(inner);

        Load(Layout(Index(inner, "application/vnd.oci.image.index.v1+json", ""","annotations":{"io.containerd.image.name":"docker.io/library/multi:1","org.opencontainers.image.ref.name":"1"}"""), [.. blobs]))
            .ShouldHaveSingleItem().Reference.ShouldBe("multi:1");

        _fixture.Store.Find("multi:1").Architecture.ShouldBe(ImageStore.HostArchitecture);
    }

    private static string Config(params string[] diffIds) =>
        $$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[{{string.Join(',', diffIds.Select(id => $"\"{id}\""))}}] } }""";

    private static string Hash(string content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(content)));

    private static string Gzip(string content)
    {
        using var output = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(output, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.Latin1.GetBytes(content));
        }

        return Encoding.Latin1.GetString(output.ToArray());
    }

    private static RawTar Docker(string config, string layer) => new RawTar()
        .Entry("layer.tar", '0', layer)
        .Entry("c.json", '0', config)
        .Entry("manifest.json", '0', """[{"Config":"c.json","RepoTags":["x:1"],"Layers":["layer.tar"]}]""");

    private static string Index(string document, string mediaType = "application/vnd.oci.image.manifest.v1+json", string more = "") =>
        $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{mediaType}}","digest":"{{Hash(document)}}","size":{{document.Length}}{{more}}}]}""";

    private static RawTar Layout(string index, params string[] blobs)
    {
        var archive = new RawTar().Entry("oci-layout", '0', """{"imageLayoutVersion":"1.0.0"}""").Entry("index.json", '0', index);
        return blobs.Aggregate(archive, (tar, blob) => tar.Entry("blobs/sha256/" + Hash(blob)[7..], '0', blob));
    }

    private IReadOnlyList<LoadedImage> Load(RawTar archive) => _fixture.Store.Load(new MemoryStream(archive.Bytes));

    private string Refused(RawTar archive, int left = 0)
    {
        var error = Should.Throw<SampanException>(() => Load(archive));
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldNotContain('\n');
        FileTree.List(_fixture["store/work"]).ShouldBeEmpty();
        _fixture.Store.List().Count.ShouldBe(left);
        return error.Message;
    }
}
