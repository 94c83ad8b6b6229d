using System.Text;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests.Signatures;

/// <summary>Signatures as cosign stores them, made by openssl's keys.</summary>
public sealed class SignatureTests : IDisposable
{
    private const string PayloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const string ArtifactType = "application/vnd.dev.cosign.artifact.sig.v1+json";
    private readonly Surroundings _surroundings = new();
    private readonly FakeRegistry _registry = new();
    private readonly ScriptedServer _server;
    private readonly TestImage _image = new(1, "amd64", 1000);

    public SignatureTests()
    {
        Programs.Require("openssl", "openssl", "makes keys and signs");
        _server = new(_registry.Answer);
        _registry.Add(_image, "1");
        Key("ours");
        Key("theirs");
    }

    private string Name => _server.Host + "/team/x:1";

    private string Digest => _image.Manifest.Descriptor.Digest!;

    public void Dispose()
    {
        _surroundings.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void A_signature_at_the_tag_will_do()
    {
        Sign("ours");
        Require("ours");
        Require(null);
        _registry.Manifests.ShouldContainKey($"sha256-{Digest[7..]}.sig");
    }

    [Fact]
    public void A_signature_that_refers_to_the_image_will_do()
    {
        var artifact = Sign("ours", tagged: false, subject: Digest);
        _registry.Referrers = (digest, type) => digest == Digest ? Listing(artifact) : Listing();
        Require("ours");

        // One that only claims to be about it is not: the list is the registry's word, the subject the signer's.
        var other = Sign("ours", tagged: false, subject: "sha256:" + new string('0', 64));
        _registry.Referrers = (_, _) => Listing(other);
        Refused("ours").ShouldContain("no signature was found");
    }

    [Fact]
    public void The_referrers_tag_will_do_where_the_registry_keeps_no_list()
    {
        var artifact = Sign("ours", tagged: false, subject: Digest);
        _registry.Manifests["sha256-" + Digest[7..]] = (MediaTypes.Index, Listing(artifact));
        Require("ours");
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        Refused("ours").ShouldBe(
            $"{_server.Host}/team/x@{Digest}: a signature by {Public("ours")} is required: no signature was found: there is neither the tag sha256-{Digest[7..]}.sig in {_server.Host}/team/x, nor does one refer to the image");
        Sign("theirs");
        Refused("ours").ShouldEndWith("none of the 1 signatures that were found will do: it is not by this key");
        Require("theirs");
    }

    [Fact]
    public void A_signature_of_another_image_or_of_something_else_will_not_do()
    {
        var other = "sha256:" + new string('1', 64);
        Sign("ours", digest: other);
        Refused("ours").ShouldEndWith("what the key has signed is another image: " + other);
        Sign("ours", payload: """{"critical":{"type":"atomic container signature","image":{"docker-manifest-digest":"DIGEST"}}}""".Replace("DIGEST", Digest));
        Refused("ours").ShouldEndWith("what the key has signed is no image");
        Sign("ours", payload: "not json");
        Refused("ours").ShouldEndWith("what the key has signed is no image");
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("no base64!")]
    [InlineData("MEUCIQD")]
    public void What_is_no_signature_is_none(string signature)
    {
        Sign("ours", signature: signature);
        Refused("ours").ShouldEndWith("it is not by this key");
    }

    [Fact]
    public void One_good_signature_among_others_will_do()
    {
        Sign("theirs", more: [Layer("ours", Payload(Digest), null)]);
        Require("ours");
    }

    [Fact]
    public void A_payload_that_was_changed_is_refused_whatever_its_signature()
    {
        var artifact = Sign("ours");
        var layer = artifact.Layers[0];
        _registry.Blobs[layer.Digest!] = Encoding.UTF8.GetBytes(Payload("sha256:" + new string('2', 64)));
        Should.Throw<SampanException>(() => Require("ours"));
    }

    [Fact]
    public void A_signature_too_large_or_too_many_keep_nobody_busy()
    {
        Sign("ours", payload: new string('x', 100_000));
        Refused("ours").ShouldContain("a payload of 100000 bytes is not taken");
        Sign("theirs", more: [.. Enumerable.Repeat(Layer("theirs", Payload(Digest), null), 200)]);
        Refused("ours").ShouldContain("none of the 64 signatures");
    }

    [Fact]
    public void The_configuration_says_whose_images_must_be_signed_by_whom()
    {
        File.Copy(Public("ours"), Path.Combine(_surroundings.Folder, "team.pub"));
        _surroundings.Registries($$"""
            [[registry]]
            prefix = "{{_server.Host}}/team"
            require-signature = "team.pub"
            [[registry]]
            prefix = "{{_server.Host}}/team/free"
            """);
        Refused(null).ShouldContain($"a signature by {_surroundings.Folder}/team.pub is required");
        Should.Throw<SampanException>(() => _surroundings.Source(Name).GetManifest(_image.Manifest.Descriptor)).Kind.ShouldBe(ErrorKind.Forbidden);
        _surroundings.Source(_server.Host + "/team/free/x:1").GetManifest().Descriptor.Digest.ShouldBe(Digest);
        _surroundings.Source(_server.Host + "/elsewhere:1").GetManifest().Descriptor.Digest.ShouldBe(Digest);
        Sign("ours");
        Require(null);
        _surroundings.Source(Name).GetManifest(_image.Manifest.Descriptor).Descriptor.Digest.ShouldBe(Digest);
        _surroundings.Registries($"[[registry]]\nprefix = \"{_server.Host}\"\nrequire-signature = \"/no/such.pub\"\n");
        Should.Throw<SampanException>(() => Require(null)).Message.ShouldContain("signature key /no/such.pub: no such file");
        _surroundings.Registries($"[[registry]]\nprefix = \"{_server.Host}\"\nrequire-signature = \"\"\n");
        Should.Throw<SampanException>(() => Require(null)).Message.ShouldContain("registries.toml:3: require-signature: the file of a public key is expected");
    }

    [Fact]
    public void Keys_of_other_kinds_are_refused()
    {
        var folder = _surroundings.Folder;
        Programs.Run("sh", "-c", $"cd {folder} && openssl genrsa 2048 2>/dev/null | openssl rsa -pubout -out rsa.pub 2>/dev/null && openssl ecparam -name secp384r1 -genkey -noout | openssl ec -pubout -out p384.pub 2>/dev/null && echo x > text.pub");
        Sign("ours");
        foreach (var kind in new[] { "rsa", "p384", "text" })
        {
            Should.Throw<SampanException>(() => Require(kind)).Message.ShouldContain("ECDSA on the curve P-256");
        }
    }

    [Fact]
    public void An_index_is_signed_as_a_whole()
    {
        var index = TestImage.Index((_image.Manifest, new() { Os = "linux", Architecture = "amd64" }));
        _registry.Add(index, "many");
        Sign("ours", digest: index.Descriptor.Digest);
        File.Copy(Public("ours"), Path.Combine(_surroundings.Folder, "team.pub"));
        _surroundings.Registries($"[[registry]]\nprefix = \"{_server.Host}\"\nrequire-signature = \"team.pub\"\n");
        var source = _surroundings.Source(_server.Host + "/team/x:many");
        source.ChooseImage(source.GetManifest(), new() { Os = "linux", Architecture = "amd64" }).Descriptor.Digest.ShouldBe(Digest);
        Refused(null).ShouldContain("no signature was found", Case.Sensitive, "the image by itself is not signed");
        _surroundings.Client().RequireSignature(ImageReference.Parse(_server.Host + "/team/x:many"), index.Descriptor.Digest!, Public("ours"));
    }

    private static string Payload(string digest) =>
        $$$"""{"critical":{"identity":{"docker-reference":"x"},"image":{"docker-manifest-digest":"{{{digest}}}"},"type":"cosign container image signature"},"optional":{"creator":"us"} }""";

    private static byte[] Listing(params Manifest[] artifacts) => ImageJson.ImageIndex.ToBytes(new()
    {
        MediaType = MediaTypes.Index,
        Manifests = [.. artifacts.Select(artifact => artifact.Descriptor with { ArtifactType = ArtifactType })],
    });

    private string Public(string name) => Path.Combine(_surroundings.Folder, name + ".pub");

    private void Key(string name) => Programs.Run(
        "sh", "-c", $"cd {_surroundings.Folder} && openssl ecparam -name prime256v1 -genkey -noout -out {name}.key && openssl ec -in {name}.key -pubout -out {name}.pub 2>/dev/null");

    private Descriptor Layer(string key, string payload, string? signature)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        var file = Path.Combine(_surroundings.Folder, "payload");
        File.WriteAllBytes(file, bytes);
        signature ??= Programs.Run("sh", "-c", $"openssl dgst -sha256 -sign {_surroundings.Folder}/{key}.key {file} | base64 -w0");
        var digest = TestImage.DigestOf(bytes);
        _registry.Blobs[digest] = bytes;
        return new() { MediaType = PayloadType, Digest = digest, Size = bytes.Length, Annotations = new(StringComparer.Ordinal) { ["dev.cosignproject.cosign/signature"] = signature } };
    }

    /// <summary>Signs as cosign does.</summary>
    private Manifest Sign(string key, string? digest = null, string? payload = null, string? signature = null, bool tagged = true, string? subject = null, Descriptor[]? more = null)
    {
        digest ??= Digest;
        var config = "{}"u8.ToArray();
        _registry.Blobs[TestImage.DigestOf(config)] = config;
        var layers = new[] { Layer(key, payload ?? Payload(digest), signature) }.Concat(more ?? []);
        var json = Encoding.UTF8.GetString(ImageJson.ImageManifest.ToBytes(new()
        {
            MediaType = MediaTypes.Manifest,
            Config = new() { MediaType = MediaTypes.Config, Digest = TestImage.DigestOf(config), Size = config.Length },
            Layers = [.. layers],
        }));
        if (subject is not null)
        {
            json = json[..^1] + $$""","subject":{"mediaType":"{{MediaTypes.Manifest}}","digest":"{{subject}}","size":1} }""";
        }

        var manifest = TargetRepository.ReadManifest(Encoding.UTF8.GetBytes(json), null, "test");
        _registry.Add(manifest, tagged ? $"sha256-{(digest == "sha256:" + new string('1', 64) ? Digest : digest)[7..]}.sig" : null);
        return manifest;
    }

    /// <summary>Asks for a signature by a key; null is what the configuration asks for.</summary>
    private void Require(string? key)
    {
        if (key is null)
        {
            _surroundings.Source(Name).GetManifest().Descriptor.Digest.ShouldBe(Digest);
        }
        else
        {
            _surroundings.Client().RequireSignature(ImageReference.Parse(Name), Digest, Public(key));
        }
    }

    private string Refused(string? key)
    {
        var error = Should.Throw<SampanException>(() => Require(key));
        error.Kind.ShouldBe(ErrorKind.Forbidden);
        error.Message.ShouldNotContain('\n');
        return error.Message;
    }
}
