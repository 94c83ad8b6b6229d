using System.Security.Cryptography;
using System.Text;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Tests;

/// <summary>Layers are packed before they are pushed.</summary>
public sealed class PackTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_plain_layer_becomes_gzips_in_all_names_of_the_image()
    {
        var image = _fixture.ImportSimple("one", "hello");
        _fixture.Store.Tag("one", "two:2");

        _fixture.Store.Pack("one");

        var packed = _fixture.Store.Find("two:2");
        packed.Id.ShouldBe(image.Id);
        packed.DiffIds.ShouldBe(image.DiffIds);
        packed.Digest.ShouldNotBe(image.Digest);
        _fixture.Store.Find("one").Digest.ShouldBe(packed.Digest);
        var layer = Manifest("one").Layers!.ShouldHaveSingleItem();
        layer.MediaType.ShouldBe(MediaTypes.LayerGzip);
        _fixture.Run("sh", "-c", $"gzip -dc {Blob(layer.Digest!)} | sha256sum").ShouldStartWith(image.DiffIds[0]["sha256:".Length..]);
        File.Exists(Blob(image.DiffIds[0])).ShouldBeFalse("the plain one is of no use any more");
        Problems().ShouldBeEmpty();

        _fixture.Store.Pack("one");
        _fixture.Store.Find("one").Digest.ShouldBe(packed.Digest, "there is nothing left to do");
    }

    [Fact]
    public void What_a_registry_has_stays_as_it_is()
    {
        var image = _fixture.ImportSimple("one", "hello");
        _fixture.Store.NoteSource(image, $"registry.example/one@{image.Digest}");

        _fixture.Store.Pack("one");

        _fixture.Store.Find("one").Digest.ShouldBe(image.Digest);
        Manifest("one").Layers!.ShouldHaveSingleItem().MediaType.ShouldBe(MediaTypes.Layer);
    }

    [Fact]
    public void A_damaged_blob_is_an_error_and_leaves_the_image_as_it_was()
    {
        var image = _fixture.ImportSimple("one", "hello");
        var path = Blob(image.DiffIds[0]);
        var bytes = File.ReadAllBytes(path);
        bytes[600] ^= 1;
        File.WriteAllBytes(path, bytes);

        Should.Throw<SampanException>(() => _fixture.Store.Pack("one")).Message.ShouldContain("is damaged");

        _fixture.Store.Find("one").Digest.ShouldBe(image.Digest);
        File.ReadAllBytes(path).ShouldBe(bytes);
        Directory.GetFileSystemEntries(_fixture["store/work"]).ShouldBeEmpty();
        Should.Throw<SampanException>(() => _fixture.Store.Pack("none")).Kind.ShouldBe(ErrorKind.NotFound);
    }

    [Fact]
    public void What_else_a_manifest_says_is_kept()
    {
        var image = _fixture.ImportSimple("one", "hello");
        var manifest = File.ReadAllText(Blob(image.Digest));
        var annotated = manifest.Insert(manifest.LastIndexOf('}'), ",\"annotations\":{\"a\":\"b\"}");
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(annotated)));
        File.WriteAllText(Blob(digest), annotated);
        var index = _fixture["store/index.json"];
        File.WriteAllText(index, File.ReadAllText(index).Replace(image.Digest, digest).Replace($"\"size\":{manifest.Length}", $"\"size\":{annotated.Length}"));

        _fixture.Store.Pack("one");

        Manifest("one").Annotations!["a"].ShouldBe("b");
    }

    private string Blob(string digest) => _fixture["store/blobs/sha256/"] + digest["sha256:".Length..];

    private ImageManifest Manifest(string name) => ImageJson.ImageManifest.Parse(File.ReadAllBytes(Blob(_fixture.Store.Find(name).Digest)));

    private IEnumerable<string> Problems() => _fixture.Store.Check().Select(problem => problem.ToString());
}
