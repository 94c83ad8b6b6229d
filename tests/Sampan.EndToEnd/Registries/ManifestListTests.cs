using System.Text.Json;
using Sampan.Registries.Tests.Harness;

namespace Sampan.EndToEnd.Registries;

/// <summary>manifest create, annotate, inspect, push and rm, and what comes of it.</summary>
public sealed class ManifestListTests(RegistryHost registry) : IClassFixture<RegistryHost>, IDisposable
{
    private readonly ClientHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_list_is_made_pushed_and_pulled_by_platform()
    {
        var here = registry.PushBusybox("made/app:here");
        var there = registry.PushNoise("made/elsewhere:there", 300_000);
        var list = $"{registry.Address}/made/app:v1";
        _host.Sampan("manifest", "create", list, here, there).ShouldSucceed().ShouldBe($"Created manifest list {list}");
        _host.Sampan("manifest", "annotate", "--os", "linux", "--arch", "arm", "--variant", "v7", list, there).ShouldSucceed().ShouldBeEmpty();
        _host.Sampan("manifest", "annotate", "--os-version", "6", "--os-features", "one,two", "--os-features", "three", list, there).ShouldSucceed();
        var local = _host.Sampan("manifest", "inspect", list).ShouldSucceed();
        Entries(local).ShouldBe([("amd64", "linux", "", "", ""), ("arm", "linux", "v7", "6", "one two three")]);

        var before = registry.Registry.Requests().Count;
        var lines = _host.Sampan("manifest", "push", list).ShouldSucceed().Split('\n');
        var digest = Digest(there);
        lines.Length.ShouldBe(2);
        lines[0].ShouldBe($"Pushed ref {registry.Address}/made/app@{digest} with digest: {digest}");
        lines[1].ShouldBe(Digest(list));
        var asked = registry.Registry.Requests().Skip(before).Where(request => request.StartsWith("PUT ") || request.StartsWith("POST ")).ToList();
        asked.Count(request => request.StartsWith("POST /v2/made/app/blobs/uploads/?mount=") && request.EndsWith("from=made%2Felsewhere 201")).ShouldBe(2, "what both have is not asked for");
        asked[^2..].ShouldBe([$"PUT /v2/made/app/manifests/{digest} 201", "PUT /v2/made/app/manifests/v1 201"]);
        asked.Count.ShouldBe(4, string.Join('\n', asked));

        _host.Sampan("manifest", "rm", list).ShouldSucceed().ShouldBeEmpty();
        _host.Sampan("manifest", "inspect", list).ShouldSucceed().ShouldBe(local, "as the registry has it");
        Raw(list).ShouldBe(local);
        _host.Sampan("pull", "--platform", "linux/amd64", list).ShouldSucceed();
        _host.Inspect(list, "{{.Id}}").ShouldBe(registry.Pusher.Inspect(here, "{{.Id}}"));
        _host.Sampan("pull", "--platform", "linux/arm/v7", list).ShouldSucceed();
        _host.Inspect(list, "{{.Id}}").ShouldBe(registry.Pusher.Inspect(there, "{{.Id}}"));
        _host.Sampan("pull", "--platform", "linux/s390x", list).ShouldFailInOneLine(1, "no matching manifest for linux/s390x in the manifest list entries");
    }

    /// <summary>skopeo copies all images of a list, or the one for a platform.</summary>
    [Fact]
    public void Skopeo_copies_a_list()
    {
        var (here, there) = (registry.PushBusybox("copied/here:1"), registry.PushNoise("copied/there:1", 1000));
        var list = $"{registry.Address}/copied/list:1";
        _host.Sampan("manifest", "create", list, here, there).ShouldSucceed();
        _host.Sampan("manifest", "annotate", "--arch", "arm64", list, there).ShouldSucceed();
        _host.Sampan("manifest", "push", list).ShouldSucceed();
        var layout = Path.Combine(_host.Folder, "layout");
        Programs.Require("skopeo", "skopeo", "copies what was pushed");
        Host.Shell("skopeo copy --quiet --insecure-policy --all --src-tls-verify=false \"docker://$1\" \"oci:$2:all\"", list, layout);
        Host.Shell("skopeo copy --quiet --insecure-policy --override-arch arm64 --src-tls-verify=false \"docker://$1\" \"oci:$2:one\"", list, layout);
        using var one = JsonDocument.Parse(Host.Shell("skopeo inspect --raw \"oci:$1:one\"", layout));
        one.RootElement.GetProperty("config").GetProperty("digest").GetString().ShouldBe(registry.Pusher.Inspect(there, "{{.Id}}"));
        Host.Shell("skopeo inspect --raw --config --override-arch amd64 \"oci:$1:all\" | sha256sum", layout).ShouldStartWith(registry.Pusher.Inspect(here, "{{.Id}}")[7..]);
    }

    [Fact]
    public void Purge_forgets_the_list_and_only_after_it_is_pushed()
    {
        var image = registry.PushBusybox("purged/app:1");
        var list = $"{registry.Address}/purged/app:list";
        _host.Sampan("manifest", "create", list, image).ShouldSucceed();
        _host.Sampan("manifest", "create", list, image).ShouldFailInOneLine(1).ShouldBe("sampan: refusing to amend an existing manifest list with no --amend flag");
        _host.Sampan("manifest", "annotate", "--arch", "arm", list, image).ShouldSucceed();
        _host.Sampan("manifest", "create", "--amend", list, image, registry.PushBusybox("purged/app:2")).ShouldSucceed();
        Entries(_host.Sampan("manifest", "inspect", list).ShouldSucceed()).Select(entry => entry.Architecture).ShouldBe(["arm", "amd64"], "what was said of an image stays");
        Delete(image);
        _host.Sampan("manifest", "push", "--purge", list).ShouldFailInOneLine(1, "manifest blob unknown");
        _host.Sampan("manifest", "push", "--purge", list).ShouldFailInOneLine(1, "manifest blob unknown");
        registry.PushBusybox("purged/app:1");
        _host.Sampan("manifest", "push", "--purge", list).ShouldSucceed().ShouldBe(Digest(list));
        _host.Sampan("manifest", "push", list).ShouldFailInOneLine(1).ShouldBe($"sampan: No such manifest: {list}");
        Directory.GetFileSystemEntries(Path.Combine(Path.GetDirectoryName(_host.Logins)!, "manifests")).ShouldBeEmpty();
    }

    /// <summary>Whatever image cannot be had, no list is begun that lacks it.</summary>
    [Fact]
    public void A_list_is_begun_with_all_its_images_or_not_at_all()
    {
        var image = registry.PushBusybox("begun/app:1");
        var list = $"{registry.Address}/begun/app:list";
        _host.Sampan("manifest", "create", list, image, $"{registry.Address}/begun/app:nosuch").ShouldFailInOneLine(1).ShouldBe($"sampan: no such manifest: {registry.Address}/begun/app:nosuch");
        _host.Sampan("manifest", "inspect", list).ShouldFailInOneLine(1).ShouldBe($"sampan: no such manifest: {list}");
        _host.Sampan("manifest", "create", list, image).ShouldSucceed();
        _host.Sampan("manifest", "push", list).ShouldSucceed();
        _host.Sampan("manifest", "create", list + "2", list).ShouldFailInOneLine(1, $"{list} is a manifest list");
        _host.Sampan("manifest", "create", "other.example/app:list", image).ShouldSucceed();
        _host.Sampan("manifest", "push", "other.example/app:list").ShouldFailInOneLine(1)
            .ShouldBe($"sampan: cannot use source images from a different registry than the target image: {registry.Address} != other.example");
    }

    [Fact]
    public void Inspect_shows_images_and_lists_with_their_descriptors()
    {
        var image = registry.PushBusybox("shown/app:1");
        var raw = Raw(image);
        using var plain = JsonDocument.Parse(_host.Sampan("manifest", "inspect", image).ShouldSucceed());
        JsonSerializer.Serialize(plain).ShouldBe(JsonSerializer.Serialize(JsonDocument.Parse(raw)));
        using var verbose = JsonDocument.Parse(_host.Sampan("manifest", "inspect", "-v", image).ShouldSucceed());
        Check(verbose.RootElement, image);

        var list = $"{registry.Address}/shown/list:1";
        _host.Sampan("manifest", "create", list, image).ShouldSucceed();
        Check(JsonDocument.Parse(_host.Sampan("manifest", "inspect", "--verbose", list, image).ShouldSucceed()).RootElement, image);
        Check(JsonDocument.Parse(_host.Sampan("manifest", "inspect", "--verbose", list).ShouldSucceed()).RootElement.EnumerateArray().Single(), image);
        _host.Sampan("manifest", "push", "-p", list).ShouldSucceed();
        Check(JsonDocument.Parse(_host.Sampan("manifest", "inspect", "--verbose", list).ShouldSucceed()).RootElement.EnumerateArray().Single(), $"{list}@{Digest(image)}");
        _host.Sampan("manifest", "inspect", list, image).ShouldFailInOneLine(1).ShouldBe($"sampan: No such manifest: {image}");

        void Check(JsonElement document, string name)
        {
            document.GetProperty("Ref").GetString().ShouldBe(name);
            document.GetProperty("Descriptor").GetProperty("digest").GetString().ShouldBe(Digest(image));
            document.GetProperty("Descriptor").GetProperty("platform").GetProperty("architecture").GetString().ShouldBe("amd64");
            System.Text.Encoding.UTF8.GetString(document.GetProperty("Raw").GetBytesFromBase64()).ShouldBe(raw);
            JsonSerializer.Serialize(document.GetProperty("OCIManifest")).ShouldBe(JsonSerializer.Serialize(JsonDocument.Parse(raw)));
        }
    }

    [Fact]
    public void A_registry_with_passwords_is_asked_with_the_login()
    {
        Programs.Require("apache2-utils", "htpasswd", "makes password files");
        var file = Path.Combine(_host.Folder, "htpasswd");
        Programs.Run("htpasswd", "-B", "-b", "-C", "4", "-c", file, "ann", "secret");
        using var closed = new RealRegistry(new(Top: $"auth: {"{"}htpasswd: {"{"}realm: r, path: {file}{"}}"}"));
        _host.MakeBusybox();
        _host.Sampan("tag", "busybox", closed.Host + "/one:1").ShouldSucceed();
        _host.Sampan("login", "-u", "ann", "-p", "secret", closed.Host).ShouldSucceed();
        _host.Sampan("push", "-q", closed.Host + "/one:1").ShouldSucceed();
        _host.Sampan("manifest", "create", closed.Host + "/two:1", closed.Host + "/one:1").ShouldSucceed();
        _host.Sampan("logout", closed.Host).ShouldSucceed();
        foreach (var line in (string[][])[["inspect", closed.Host + "/one:1"], ["create", closed.Host + "/three:1", closed.Host + "/one:1"], ["push", closed.Host + "/two:1"]])
        {
            _host.Sampan(["manifest", .. line]).ShouldFailInOneLine(1, "no basic auth credentials");
        }

        _host.Sampan("login", "-u", "ann", "-p", "secret", closed.Host).ShouldSucceed();
        _host.Sampan("manifest", "push", closed.Host + "/two:1").ShouldSucceed();
        _host.Sampan("pull", "-q", closed.Host + "/two:1").ShouldSucceed();
    }

    [Fact]
    public void A_damaged_file_of_a_list_is_named()
    {
        var image = registry.PushBusybox("damaged/app:1");
        var list = $"{registry.Address}/damaged/app:list";
        _host.Sampan("manifest", "create", list, image).ShouldSucceed();
        var file = Directory.GetFiles(Path.Combine(Path.GetDirectoryName(_host.Logins)!, "manifests"), "*", SearchOption.AllDirectories).Single();
        File.WriteAllText(file, "{");
        _host.Sampan("manifest", "push", list).ShouldFailInOneLine(1, file);
        _host.Sampan("manifest", "rm", list, "nosuch").ShouldFail(1).ShouldBe("sampan: No such manifest: docker.io/library/nosuch:latest");
        _host.Sampan("manifest", "create", list, image).ShouldSucceed();
    }

    private static string Raw(string name) => Host.Shell("skopeo inspect --raw --tls-verify=false \"docker://$1\"", name);

    private static string Digest(string name) => "sha256:" + Host.Shell("printf %s \"$1\" | sha256sum | cut -d' ' -f1", Raw(name));

    private static List<(string Architecture, string System, string Variant, string Version, string Features)> Entries(string list)
    {
        using var document = JsonDocument.Parse(list);
        return [.. document.RootElement.GetProperty("manifests").EnumerateArray().Select(entry => entry.GetProperty("platform")).Select(platform => (
            Text(platform, "architecture"), Text(platform, "os"), Text(platform, "variant"), Text(platform, "os.version"),
            platform.TryGetProperty("os.features", out var features) ? string.Join(' ', features.EnumerateArray()) : ""))];
    }

    private static string Text(JsonElement platform, string name) => platform.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static void Delete(string name)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"http://{name.Split('/')[0]}/v2/{name[(name.IndexOf('/') + 1)..].Split(':')[0]}/manifests/{Digest(name)}");
        using var answer = client.Send(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(answer.ToString());
    }
}
