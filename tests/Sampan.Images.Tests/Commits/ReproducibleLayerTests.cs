using System.Security.Cryptography;
using Sampan.Linux.Files;

namespace Sampan.Images.Tests.Commits;

/// <summary>The same files make the same image, whenever and in whatever order they were made.</summary>
public sealed class ReproducibleLayerTests : IDisposable
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(LayerCompression.None)]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstandard)]
    public void Commit_makes_the_same_image_twice(LayerCompression compression)
    {
        MakeTree("one", ["a", "b", "c"], "2030-01-01 00:00:00.123456789");
        MakeTree("two", ["c", "a", "b"], "2031-05-05");

        var first = Commit("one", compression, Epoch);
        var second = Commit("two", compression, Epoch);

        second.Id.ShouldBe(first.Id);
        second.Digest.ShouldBe(first.Digest);
        first.Created.ShouldBe(Epoch);
        _fixture.Run("find", first.LayerDirectories[0], "-name", "old", "-printf", "%T@").ShouldStartWith("981173106.");
        _fixture.Run("find", first.LayerDirectories[0], "-name", "a", "-printf", "%T@").ShouldBe("1700000000.0000000000");
        Commit("one", compression, null).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public void Import_makes_the_same_image_of_the_same_files()
    {
        MakeTree("one", ["a", "b", "c"], "2030-01-01");
        MakeTree("two", ["c", "a", "b"], "2031-05-05");
        _fixture.Run("sh", "-c", "tar -C one -cf one.tar . && cd two && tar -cf ../two.tar --format=gnu ./c ./old ./b ./hard ./a . && gzip -k ../two.tar");

        var first = Import("one.tar", new() { Epoch = Epoch });

        Import("two.tar", new() { Epoch = Epoch }).Id.ShouldBe(first.Id);
        Import("one.tar", new() { Epoch = Epoch }).Digest.ShouldBe(first.Digest);
        Import("two.tar.gz", new() { Epoch = Epoch }).DiffIds.ShouldBe(first.DiffIds);
        Import("one.tar", new()).DiffIds.ShouldNotBe(first.DiffIds);
        _fixture.Run("stat", "-c", "%a %Y", first.LayerDirectories[0]).ShouldBe("750 1700000000\n");
        _fixture.Run("stat", "-c", "%h", first.LayerDirectories[0] + "/hard").ShouldBe("2\n");
    }

    [Theory]
    [InlineData(LayerCompression.Gzip, "gunzip -c")]
    [InlineData(LayerCompression.Zstandard, "zstd -qdc")]
    public void What_was_compressed_in_blocks_is_one_file_for_others(LayerCompression compression, string unpacker)
    {
        MakeTree("one", ["a"], "2030-01-01");
        _fixture.Run("sh", "-c", "head -c 3000000 /dev/urandom > one/random; head -c 5000000 /dev/zero > one/zeros; seq 1000000 > one/numbers");
        var plain = Commit("one", LayerCompression.None, Epoch);

        // One configuration is one image, and the store has it.
        _fixture.Store.Remove(plain.Id, force: false, static _ => null);
        var packed = Commit("one", compression, Epoch);

        packed.DiffIds.ShouldBe(plain.DiffIds);
        packed.Digest.ShouldNotBe(plain.Digest);
        var blob = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Blob(packed.Digest))).RootElement.GetProperty("layers")[0].GetProperty("digest").GetString()!;
        _fixture.Run("sh", "-c", $"{unpacker} < {Blob(blob)} | sha256sum").ShouldStartWith(plain.DiffIds[0][7..]);
        new FileInfo(Blob(blob)).Length.ShouldBeLessThan(7_000_000);
        _fixture.Store.Tag(packed.Id, "packed:1");
        _fixture.Run("skopeo", "copy", "--insecure-policy", $"oci:{_fixture["store"]}:docker.io/library/packed:1", $"oci:{_fixture["copy"]}:1");
    }

    [Fact]
    public void An_archive_is_compressed_anew_when_asked()
    {
        MakeTree("one", ["a"], "2030-01-01");
        _fixture.Run("tar", "-C", "one", "-czf", "one.tar.gz", ".");

        var image = Import("one.tar.gz", new() { Compression = LayerCompression.Zstandard });

        File.ReadAllText(Blob(image.Digest)).ShouldContain("tar+zstd");
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Blob(image.Digest)))).ShouldBe(image.Digest[7..]);
    }

    private void MakeTree(string name, string[] order, string time)
    {
        FileTree.MakeDirectories(_fixture[name]);
        foreach (var file in order)
        {
            File.WriteAllText(_fixture[$"{name}/{file}"], file);
        }

        _fixture.Run("sh", "-c", $"ln {name}/a {name}/hard; touch -h -d '{time}' {name}/*; touch -d '2001-02-03 04:05:06 UTC' {name}/old; chmod 750 {name}; touch -d '{time}' {name}");
    }

    private StoredImage Commit(string upper, LayerCompression compression, DateTimeOffset? epoch) => _fixture.Store.Find(_fixture.Store.Commit(new()
    {
        UpperDirectory = _fixture[upper],
        Compression = compression,
        Epoch = epoch,
    }));

    private StoredImage Import(string archive, ImportRequest request)
    {
        using var file = File.OpenRead(_fixture[archive]);
        return _fixture.Store.Find(_fixture.Store.Import(file, request));
    }

    private string Blob(string digest) => _fixture["store/blobs/sha256/" + digest[7..]];
}
