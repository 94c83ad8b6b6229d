using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sampan.Images.Content;
using Sampan.Oci.Images;
using Sampan.Registries.Http;
using Sampan.Registries.Manifests;

namespace Sampan.Registries.Tests.Manifests;

public class ManifestReaderTests
{
    private const string Zeros = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private const string Config = "{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"" + Zeros + "\",\"size\":2}";

    [Theory]
    [InlineData("{\"schemaVersion\":2,\"config\":" + Config + ",\"layers\":[]}", null, MediaTypes.Manifest)]
    [InlineData("{\"schemaVersion\":2,\"config\":" + Config + ",\"layers\":[]}", MediaTypes.DockerManifest, MediaTypes.DockerManifest)]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.DockerManifest + "\",\"config\":" + Config + "}", "application/octet-stream", MediaTypes.DockerManifest)]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[]}", null, MediaTypes.Index)]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[]}", "text/plain", MediaTypes.Index)]
    public void Knows_what_it_is(string json, string? contentType, string mediaType)
    {
        var manifest = Read(json, contentType);
        manifest.Descriptor.MediaType.ShouldBe(mediaType);
        manifest.Descriptor.Size.ShouldBe(json.Length);
        manifest.IsIndex.ShouldBe(mediaType == MediaTypes.Index);
    }

    [Theory]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.Index + "\",\"manifests\":[],\"layers\":[]}", "both an index and an image")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.Manifest + "\",\"manifests\":[],\"config\":" + Config + "}", "both an index and an image")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.Manifest + "\"}", "it has no config")]
    [InlineData("{\"schemaVersion\":3,\"config\":" + Config + "}", "schemaVersion 2 is expected, not 3")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"text/html\\u001b[31m\"}", "unsupported manifest media type text/html?[31m")]
    [InlineData("{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:../../etc/passwd\",\"size\":1}}", "config: invalid digest \"sha256:../../etc/passwd\"")]
    [InlineData("{\"schemaVersion\":2,\"config\":" + Config + ",\"layers\":[{\"digest\":\"" + Zeros + "\",\"size\":-1}]}", "size -1 is below zero")]
    [InlineData("{\"schemaVersion\":2,\"config\":" + Config + ",\"layers\":7}", "layers: an array is expected")]
    [InlineData("<html>", "no JSON")]
    [InlineData("", "no JSON")]
    [InlineData("{\"schemaVersion\":1,\"name\":\"x\",\"fsLayers\":[]}", "schema 1 support is disabled by default")]
    public void Refuses(string json, string words)
    {
        var error = Should.Throw<RegistryException>(() => Read(json, null));
        error.Message.ShouldContain(words);
        error.Message.ShouldNotContain('\n');
        error.Message.ShouldNotContain('\u001b');
    }

    [Fact]
    public void Schema_1_is_refused_in_docker_s_words() =>
        Should.Throw<RegistryException>(() => Read("{}", "application/vnd.docker.distribution.manifest.v1+prettyjws")).Message.ShouldBe(
            "[DEPRECATION NOTICE] Docker Image Format v1 and Docker Image manifest version 2, schema 1 support is disabled by default and will be removed in an upcoming release. "
            + "Suggest the author of docker.io/library/x:1 to upgrade the image to the OCI Format or Docker Image manifest v2, schema 2. "
            + "More information at https://docs.docker.com/go/deprecated-image-specs/");

    [Fact]
    public void Other_bytes_than_the_digest_s_are_refused() =>
        Should.Throw<RegistryException>(() => ManifestReader.Read("{}"u8.ToArray(), null, Digest.Parse(Zeros), "x")).Message.ShouldStartWith($"manifest verification failed for digest {Zeros}: ");

    /// <summary>Of a document made of parts of documents nothing is taken that is not named by a digest and counted by a size.</summary>
    [Fact]
    public void Whatever_comes_is_read_or_refused_in_one_line()
    {
        var value = Gen.Elements(
            "2", "1", "-1", "9223372036854775808", "null", "true", "\"\"", "\"x\\u0000\"", "[]", "{}", "[{}]", "[null]", "[" + Config + "]", Config, $"\"{MediaTypes.Index}\"", $"\"{MediaTypes.Manifest}\"",
            "{\"digest\":\"" + Zeros + "\"}", "{\"digest\":\"sha256:..\",\"size\":1}", new string('[', 100));
        var name = Gen.Elements("schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests", "subject", "annotations", "fsLayers");
        var member = name.SelectMany(key => value.Select(text => $"\"{key}\":{text}"));
        var probable = Gen.Elements("\"schemaVersion\":2", "\"config\":" + Config, "\"layers\":[" + Config + "]", "\"manifests\":[" + Config + "]");
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Gen.ListOf(Gen.OneOf(member, probable)).ToArbitrary(), members =>
        {
            try
            {
                var manifest = Read("{" + string.Join(',', members) + "}", null);
                foreach (var descriptor in manifest.Layers.Concat(manifest.Manifests).Append(manifest.Config).Append(manifest.Subject).OfType<Descriptor>())
                {
                    Digest.IsValid(descriptor.Digest).ShouldBeTrue();
                    descriptor.Size.ShouldBeGreaterThanOrEqualTo(0);
                }

                (manifest.IsIndex && manifest.Layers.Count > 0).ShouldBeFalse();
            }
            catch (RegistryException error)
            {
                error.Message.ShouldNotContain('\n');
                error.Message.ShouldNotContain('\0');
            }
        }));
    }

    [Fact]
    public void Knows_what_it_is_about()
    {
        var manifest = Read($$"""{"schemaVersion":2,"artifactType":"application/x.sig","config":{{Config}},"subject":{"mediaType":"m","digest":"{{Zeros}}","size":1},"annotations":{"a":"b"} }""", null);
        manifest.ArtifactType.ShouldBe("application/x.sig");
        manifest.Subject!.Digest.ShouldBe(Zeros);
        manifest.Annotations["a"].ShouldBe("b");
        Read("{\"schemaVersion\":2,\"config\":" + Config + "}", null).ArtifactType.ShouldBe("application/vnd.oci.image.config.v1+json");
    }

    private static Manifest Read(string json, string? contentType) => ManifestReader.Read(Encoding.UTF8.GetBytes(json), contentType, null, "docker.io/library/x:1");
}
