using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sampan.EndToEnd.Registries;

/// <summary>pull from Debian's docker-registry.</summary>
public sealed class PullTests(RegistryHost registry) : IClassFixture<RegistryHost>, IDisposable
{
    private readonly ClientHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_pull_says_what_dockers_says()
    {
        var name = registry.PushBusybox("says/app:latest")[..^":latest".Length];
        var lines = _host.Sampan("pull", name).ShouldSucceed().Split('\n');
        lines[0].ShouldBe("Using default tag: latest");
        lines[1].ShouldBe("latest: Pulling from says/app");
        var layer = lines[2].Split(':')[0];
        layer.ShouldMatch("^[0-9a-f]{12}$");
        lines[2..6].ShouldBe([$"{layer}: Pulling fs layer", $"{layer}: Verifying Checksum", $"{layer}: Download complete", $"{layer}: Pull complete"]);
        lines[6].ShouldMatch("^Digest: sha256:[0-9a-f]{64}$");
        lines[7..].ShouldBe([$"Status: Downloaded newer image for {name}:latest", $"{name}:latest"]);

        _host.Sampan("pull", name + ":latest").ShouldSucceed().Split('\n').ShouldBe(
            ["latest: Pulling from says/app", lines[6], $"Status: Image is up to date for {name}:latest", $"{name}:latest"]);
        _host.Sampan("pull", "-q", name).ShouldSucceed().ShouldBe(name + ":latest");
        _host.Sampan("images", "--format", "{{.Repository}}:{{.Tag}}").Text.ShouldBe(name + ":latest");
        _host.Sampan("run", "--rm", name, "echo", "inside").ShouldSucceed().ShouldBe("inside");
        _host.Inspect(name, "{{json .RepoDigests}}").ShouldBe($"[\"{name}@{lines[6]["Digest: ".Length..]}\"]");
        _host.Inspect(name, "{{.Id}}").ShouldBe(registry.Pusher.Inspect("busybox", "{{.Id}}"));
        _host.Sampan("events", "--since", "1h", "--until", "0s", "--filter", "event=pull", "--format", "{{.Actor.ID}}").Lines[0].ShouldBe(name + ":latest");
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void An_image_is_pulled_run_and_removed_by_its_digest()
    {
        var name = registry.PushBusybox("digest/app:1");
        var digest = registry.Pusher.Inspect(name, "{{range .RepoDigests}}{{println .}}{{end}}").Split('\n').Single(line => line.Contains("/digest/"));
        var lines = _host.Sampan("pull", digest).ShouldSucceed().Split('\n');
        lines[0].ShouldBe($"{digest}: Pulling from digest/app");
        lines[^2..].ShouldBe([$"Status: Downloaded newer image for {digest}", digest]);
        _host.Sampan("pull", digest).ShouldSucceed().ShouldContain("Status: Image is up to date");
        _host.Sampan("images", "--format", "{{.Repository}} {{.Tag}}").Text.ShouldBe($"{digest.Split('@')[0]} <none>");
        _host.Sampan("run", "--rm", digest, "echo", "inside").ShouldSucceed().ShouldBe("inside");
        _host.Sampan("rmi", digest).ShouldSucceed().Split('\n')[..2].ShouldBe([$"Untagged: {digest}", "Deleted: " + registry.Pusher.Inspect("busybox", "{{.Id}}")]);
        _host.Sampan("images", "-q").Text.ShouldBeEmpty();
        Directory.GetDirectories(Path.Combine(_host.Root, "layers")).ShouldBeEmpty();
        _host.Sampan("pull", $"{registry.Address}/digest/app@sha256:{new string('0', 64)}").ShouldFailInOneLine(1, "manifest unknown");
    }

    [Fact]
    public void All_tags_are_pulled_at_once()
    {
        registry.PushBusybox("tags/app:one");
        registry.PushBusybox("tags/app:two");
        var name = $"{registry.Address}/tags/app";
        var lines = _host.Sampan("pull", "-a", name).ShouldSucceed().Split('\n');
        lines.Where(line => line.Contains("Pulling from")).ShouldBe(["one: Pulling from tags/app", "two: Pulling from tags/app"], ignoreOrder: true);
        lines[^2..].ShouldBe([$"Status: Downloaded newer image for {name}", name]);
        _host.Sampan("images", "--format", "{{.Tag}}", name).Lines.ShouldBe(["one", "two"], ignoreOrder: true);
        _host.Sampan("pull", "-a", name + ":one").ShouldFailInOneLine(1, "tag can't be used with --all-tags/-a");
        _host.Sampan("rmi", name + ":one").ShouldSucceed().ShouldBe($"Untagged: {name}:one");
    }

    /// <summary>Manifests of both kinds, layers packed in every way, as skopeo makes them.</summary>
    [Theory]
    [InlineData("v2s2", "--dest-compress-format=gzip")]
    [InlineData("oci", "--dest-compress-format=gzip")]
    [InlineData("oci", "--dest-compress-format=zstd")]
    public void What_skopeo_pushed_is_pulled(string format, string option)
    {
        // An image of its own: skopeo knows what it has packed before.
        var image = $"packed:{format}-{option.Split('=')[1]}";
        registry.Pusher.MakeImage(image, 1000);
        var layout = Path.Combine(_host.Folder, "layout");
        Host.Shell("\"${@:2}\" | tar -x -C \"$1\"", [Directory.CreateDirectory(layout).FullName, Host.Binary, .. registry.Pusher.Arguments("save", image)]);
        var name = $"{registry.Address}/skopeo/{format}-{option.Split('=')[1]}:1";
        Host.Shell(
            "skopeo copy --quiet --insecure-policy --dest-tls-verify=false --dest-compress \"$1\" --format \"$2\" \"oci:$3\" \"docker://$4\"",
            option, format, layout, name);
        _host.Sampan("pull", name).ShouldSucceed();
        _host.Sampan("run", "--rm", name, "echo", "inside").ShouldSucceed().ShouldBe("inside");

        // The very bytes go on.
        var other = $"{registry.Address}/skopeo-again/{format}-{option.Split('=')[1]}:1";
        _host.Sampan("tag", name, other).ShouldSucceed();
        _host.Sampan("push", other).ShouldSucceed();
        Raw(other).ShouldBe(Raw(name));
        Raw(name).ShouldContain(option.EndsWith("zstd") ? "zstd" : "gzip");
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void An_index_is_chosen_from_by_platform()
    {
        var here = Manifest(registry.PushBusybox("many/app:here"));
        registry.Pusher.Sampan("create", "--name", "foreign", "busybox", "true").ShouldSucceed();
        registry.Pusher.Sampan("commit", "foreign", "foreign").ShouldSucceed();
        registry.Pusher.Sampan("rm", "foreign").ShouldSucceed();
        var there = Manifest(registry.Push("foreign", "many/app:there"));
        PutIndex("many/app", "1", (here, "amd64"), (there, "s390x"));
        var name = $"{registry.Address}/many/app:1";

        _host.Sampan("pull", "-q", name).ShouldSucceed();
        _host.Inspect(name, "{{.Id}}").ShouldBe(registry.Pusher.Inspect("busybox", "{{.Id}}"));
        var digest = _host.Inspect(name, "{{index .RepoDigests 0}}");
        Raw(digest).ShouldBe(Raw(name), "the digest is the index's");

        // Its configuration says amd64, whatever the index says: as docker, the image comes and with it a warning.
        var other = _host.Sampan("pull", "--platform", "linux/s390x", name).ShouldSucceed();
        other.ShouldContain(
            $"WARNING: image with reference {name} was found but does not match the specified platform: wanted linux/s390x, actual: linux/amd64");
        _host.Inspect(name, "{{.Id}}").ShouldBe(registry.Pusher.Inspect("foreign", "{{.Id}}"));
        _host.Sampan("pull", "--platform", "linux/ppc64le", name).ShouldFailInOneLine(1, "no matching manifest for linux/ppc64le in the manifest list entries");
        _host.Sampan("pull", "--platform", "nonsense", name).ShouldFailInOneLine(1, "nonsense");
    }

    [Fact]
    public void What_is_not_there_is_told_as_docker_tells_it()
    {
        var name = $"{registry.Address}/nothing/here:1";
        _host.Sampan("pull", name).ShouldFailInOneLine(1).ShouldBe($"sampan: manifest for {name} not found: manifest unknown: manifest unknown");
        _host.Sampan("pull", "UPPER").ShouldFailInOneLine(1, "must be lowercase");
        _host.Sampan("pull", "busybox").ShouldFail(1, "registry docker.io is blocked in " + _host.Configuration);
        _host.Sampan("pull", "127.0.0.1:1/x").ShouldFail(1, "connect: connection refused");
        _host.Sampan("images", "-q").Text.ShouldBeEmpty();
    }

    [Fact]
    public void What_another_image_brought_is_not_fetched_again()
    {
        var one = registry.PushNoise("shared/one:1", 100_000);
        registry.Pusher.MakeImage("shared-two", 100_000);
        var two = registry.Push("shared-two", "shared/two:1");
        _host.Sampan("pull", one).ShouldSucceed();
        var lines = _host.Sampan("pull", two).ShouldSucceed().Split('\n');
        lines.Count(line => line.EndsWith(": Already exists")).ShouldBe(1);
        lines.Count(line => line.EndsWith(": Pull complete")).ShouldBe(1);
        registry.BlobsFetched("shared/one").Count.ShouldBe(3, "two layers and the configuration");
        registry.BlobsFetched("shared/two").Count.ShouldBe(2, "one layer and the configuration");
    }

    [Fact]
    public void A_mirror_is_asked_before_the_registry()
    {
        registry.PushBusybox("hub/library/busybox:latest");
        _host.Configure($"""
            [[registry]]
            location = "docker.io"
            [[registry.mirror]]
            location = "{registry.Address}/hub"
            """);
        _host.Sampan("pull", "busybox").ShouldSucceed().Split('\n')[^1].ShouldBe("docker.io/library/busybox:latest");
        _host.Sampan("images", "--format", "{{.Repository}}").Text.ShouldBe("busybox");
        _host.Inspect("busybox", "{{index .RepoDigests 0}}").ShouldStartWith("busybox@sha256:");
    }

    [Fact]
    public void A_tag_that_moved_leaves_the_former_image_without_a_tag()
    {
        var name = registry.PushBusybox("moved/app:1");
        _host.Sampan("pull", name).ShouldSucceed();
        var former = _host.Inspect(name, "{{index .RepoDigests 0}}");
        registry.Pusher.MakeImage("moved-on", 1000);
        registry.Push("moved-on", "moved/app:1");
        _host.Sampan("pull", name).ShouldSucceed().ShouldContain($"Status: Downloaded newer image for {name}");
        _host.Sampan("images", "--format", "{{.Repository}} {{.Tag}}").Lines
            .ShouldBe([$"{name[..^2]} 1", $"{name[..^2]} <none>"], ignoreOrder: true);
        _host.Sampan("run", "--rm", former, "echo", "former").ShouldSucceed().ShouldBe("former");
        _host.Sampan("image", "prune", "-f").ExitCode.ShouldBeOneOf(0, 1);
    }

    [Fact]
    public void A_terminal_shows_a_row_for_each_layer()
    {
        var name = registry.PushNoise("terminal/app:1", 3_000_000, 2_000_000);
        using var terminal = new PseudoTerminal("/usr/bin/env", ["SAMPAN_CONFIG=" + _host.Configuration, Host.Binary, .. _host.Arguments("pull", name)]);
        terminal.Wait().ShouldBe(0);
        var screen = terminal.Screen;
        screen.ShouldContain("\u001b[2K");
        screen.ShouldContain(": Downloading ");
        screen.Split(": Pull complete").Length.ShouldBe(4, "three layers");
        screen.ShouldContain($"Status: Downloaded newer image for {name}");
    }

    private static (string Digest, int Size, string MediaType) Manifest(string name)
    {
        var raw = Raw(name);
        using var document = JsonDocument.Parse(raw);
        return ("sha256:" + Host.Shell("printf %s \"$1\" | sha256sum | cut -d' ' -f1", raw), Encoding.UTF8.GetByteCount(raw), document.RootElement.GetProperty("mediaType").GetString()!);
    }

    private static string Raw(string name) => Host.Shell("skopeo inspect --raw --tls-verify=false \"docker://$1\"", name);

    private void PutIndex(string path, string tag, params ((string Digest, int Size, string MediaType) Manifest, string Architecture)[] images)
    {
        const string mediaType = "application/vnd.oci.image.index.v1+json";
        var manifests = images.Select(image =>
            $$$"""{"mediaType":"{{{image.Manifest.MediaType}}}","digest":"{{{image.Manifest.Digest}}}","size":{{{image.Manifest.Size}}},"platform":{"os":"linux","architecture":"{{{image.Architecture}}}"} }""");
        using var client = new HttpClient();
        using var content = new StringContent($$"""{"schemaVersion":2,"mediaType":"{{mediaType}}","manifests":[{{string.Join(',', manifests)}}]}""");
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://{registry.Address}/v2/{path}/manifests/{tag}") { Content = content };
        using var answer = client.Send(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(answer.ToString());
    }
}
