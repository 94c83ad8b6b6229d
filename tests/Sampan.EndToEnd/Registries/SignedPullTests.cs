using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Sampan.EndToEnd.Registries;

/// <summary>pull of what must be signed, by the flag and by the configuration; the signature lies in the registry as cosign puts it there.</summary>
public sealed class SignedPullTests(RegistryHost registry) : IClassFixture<RegistryHost>, IDisposable
{
    private readonly ClientHost _host = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task A_key_that_is_asked_for_must_have_signed_the_image()
    {
        using var ours = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var theirs = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (ourFile, theirFile) = (KeyFile(ours, "ours.pub"), KeyFile(theirs, "theirs.pub"));
        var name = registry.PushBusybox("signed/app:1");
        _host.Sampan("pull", "--require-signature", ourFile, name).ShouldFailInOneLine(1, $"a signature by {ourFile} is required: no signature was found");
        _host.Sampan("images", "-q").Text.ShouldBeEmpty();

        await Sign(ours, "signed/app", "1");
        _host.Sampan("pull", "--require-signature", theirFile, name).ShouldFailInOneLine(1, "it is not by this key");
        _host.Sampan("pull", "--require-signature", Path.Combine(_host.Folder, "nowhere.pub"), name).ShouldFailInOneLine(1, "no such file");
        _host.Sampan("images", "-q").Text.ShouldBeEmpty();
        _host.Sampan("pull", "--require-signature", ourFile, name).ShouldSucceed().ShouldContain("Status: Downloaded newer image for " + name);
        _host.Sampan("run", "--rm", name, "echo", "inside").ShouldSucceed().ShouldBe("inside");

        // A tag that is moved to something else is not signed by that.
        registry.PushNoise("signed/app:1", 1000);
        _host.Sampan("pull", "--require-signature", ourFile, name).ShouldFailInOneLine(1, "no signature was found");
    }

    /// <summary>What belongs to an image lies in its repository under a tag of its own, and so may anything else: pull -a is for images.</summary>
    [Fact]
    public async Task All_tags_are_pulled_but_those_that_are_no_images()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = KeyFile(key, "key.pub");
        var name = registry.PushBusybox("attached/app:1")[..^2];
        var manifest = await Sign(key, "attached/app", "1");
        var signature = registry.Pusher.Inspect(name + ":1", "{{range .RepoDigests}}{{println .}}{{end}}").Split('\n').Single(line => line.Contains("/attached/")).Split("@sha256:")[1];
        var skipped = $"sha256-{signature}.sig: Skipped: it is no image but belongs to one";
        _host.Sampan("pull", "-a", "--require-signature", file, name).ShouldSucceed().Split('\n').ShouldContain(skipped);
        _host.Configure($"[[registry]]\nlocation = '{registry.Address}'\nrequire-signature = '{file}'\n");
        _host.Sampan("pull", "-a", name).ShouldSucceed().Split('\n').ShouldContain(skipped);
        _host.Configure("");

        await Put("attached/app", "0", manifest);
        await Put("attached/app", "chart", manifest.Replace("application/vnd.oci.image.config.v1+json", "application/vnd.cncf.helm.config.v1+json"));
        var lines = _host.Sampan("pull", "-a", name).ShouldSucceed().Split('\n');
        lines.ShouldContain(skipped);
        lines.ShouldContain("0: Skipped: it is no image but an artifact of type application/vnd.dev.cosign.simplesigning.v1+json");
        lines.ShouldContain("chart: Skipped: it is no image but an artifact of type application/vnd.cncf.helm.config.v1+json");
        lines[^2..].ShouldBe([$"Status: Image is up to date for {name}", name]);
        _host.Sampan("pull", "-a", "-q", name).ShouldSucceed().ShouldBe(name);
        _host.Sampan("images", "--format", "{{.Tag}}", name).Lines.ShouldBe(["1"]);
        foreach (var (tag, type) in (ReadOnlySpan<(string, string)>)[("0", "application/vnd.dev.cosign.simplesigning.v1+json"), ("chart", "application/vnd.cncf.helm.config.v1+json")])
        {
            _host.Sampan("pull", $"{name}:{tag}").ShouldFailInOneLine(1).ShouldBe($"sampan: unsupported media type {type}: {name}:{tag} is no image but an artifact");
        }
    }

    private string KeyFile(ECDsa key, string name)
    {
        var path = Path.Combine(_host.Folder, name);
        File.WriteAllText(path, key.ExportSubjectPublicKeyInfoPem());
        return path;
    }

    /// <returns>The signature's manifest.</returns>
    private async Task<string> Sign(ECDsa key, string repository, string tag)
    {
        var digest = registry.Pusher.Inspect($"{registry.Address}/{repository}:{tag}", "{{range .RepoDigests}}{{println .}}{{end}}")
            .Split('\n').Single(line => line.Contains($"/{repository}@", StringComparison.Ordinal)).Split('@')[1];
        var payload = Encoding.UTF8.GetBytes(
            $$"""{"critical":{"identity":{"docker-reference":""},"image":{"docker-manifest-digest":"{{digest}}"},"type":"cosign container image signature"},"optional":null}""");
        var signature = Convert.ToBase64String(key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        var config = await Upload(repository, "{}"u8.ToArray());
        var layer = await Upload(repository, payload);
        var manifest = $$$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{config}}}","size":2},
             "layers":[{"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json","digest":"{{{layer}}}","size":{{{payload.Length}}},
                        "annotations":{"dev.cosignproject.cosign/signature":"{{{signature}}}"}}]}
            """;
        await Put(repository, $"{digest.Replace(':', '-')}.sig", manifest);
        return manifest;
    }

    private async Task Put(string repository, string tag, string manifest)
    {
        using var content = new StringContent(manifest, new MediaTypeHeaderValue("application/vnd.oci.image.manifest.v1+json"));
        using var put = await _http.PutAsync($"http://{registry.Address}/v2/{repository}/manifests/{tag}", content, TestContext.Current.CancellationToken);
        put.IsSuccessStatusCode.ShouldBeTrue(await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<string> Upload(string repository, byte[] blob)
    {
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(blob));
        using var begun = await _http.PostAsync($"http://{registry.Address}/v2/{repository}/blobs/uploads/", null, TestContext.Current.CancellationToken);
        var place = new Uri(new Uri($"http://{registry.Address}"), begun.Headers.Location!);
        using var content = new ByteArrayContent(blob);
        using var put = await _http.PutAsync(
            $"{place}{(place.Query.Length > 0 ? '&' : '?')}digest={Uri.EscapeDataString(digest)}", content, TestContext.Current.CancellationToken);
        put.IsSuccessStatusCode.ShouldBeTrue(await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return digest;
    }
}
