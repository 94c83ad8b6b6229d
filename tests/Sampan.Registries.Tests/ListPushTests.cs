using Sampan.Images;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Lists;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests;

/// <summary>Manifest lists on their way to a registry, and from it.</summary>
public sealed class ListPushTests : IDisposable
{
    private readonly Surroundings _surroundings = new();
    private readonly FakeRegistry _registry = new();
    private readonly ScriptedServer _server;
    private readonly TestImage _here = new(1, "amd64", 1000);
    private readonly TestImage _elsewhere = new(2, "arm", 300_000, 1000);

    public ListPushTests()
    {
        _server = new(_registry.Answer);
        _registry.Add(_here, "here");
        _registry.Add(_elsewhere, "elsewhere");
    }

    private ImageReference List => Reference("app:list");

    public void Dispose()
    {
        _surroundings.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void What_another_repository_has_is_taken_over_and_the_list_is_put_last()
    {
        // The fake has one heap of blobs for all repositories.
        _registry.Fault = question => question.Method == "HEAD" && question.Path.StartsWith("/v2/app/blobs/", StringComparison.Ordinal) ? Reply.Error(404, "BLOB_UNKNOWN", "") : null;
        var members = Members();
        var before = _server.Questions.Count;
        List<string> pushed = [];

        var digest = _surroundings.Client().PushList(List, members, (repository, manifest) => pushed.Add($"{repository}@{manifest}"));

        pushed.ShouldBe([$"{_server.Host}/app@{_elsewhere.Manifest.Descriptor.Digest}"]);
        var asked = _server.Questions.Skip(before).Select(question => $"{question.Method} {question.Path}").ToList();
        asked.Where(line => line.StartsWith("POST", StringComparison.Ordinal)).Order().ShouldBe(
            _elsewhere.Layers.Append(_elsewhere.Manifest.Config!).Select(blob => $"POST /v2/app/blobs/uploads/?mount={blob.Digest}&from=other").Order());
        asked.Where(line => line.StartsWith("PUT", StringComparison.Ordinal)).ShouldBe([$"PUT /v2/app/manifests/{_elsewhere.Manifest.Descriptor.Digest}", "PUT /v2/app/manifests/list"]);
        asked[^1].ShouldBe("PUT /v2/app/manifests/list");
        asked.ShouldNotContain(line => line.StartsWith("GET", StringComparison.Ordinal) && line.Contains("/blobs/"), "nothing comes here");
        _registry.Manifests["list"].MediaType.ShouldBe(MediaTypes.Index);
        TestImage.DigestOf(_registry.Manifests["list"].Bytes).ShouldBe(digest);
    }

    [Fact]
    public void Where_nothing_is_taken_over_it_is_copied_and_a_line_that_breaks_is_made_again()
    {
        var isBroken = false;
        var arrived = new HashSet<string>(StringComparer.Ordinal);
        _registry.Fault = question =>
        {
            if (question.Method == "PUT" && question.Path.Contains("digest="))
            {
                arrived.Add(Uri.UnescapeDataString(question.Path.Split("digest=")[1]));
            }

            if (question.Method == "HEAD" && question.Path.StartsWith("/v2/app/blobs/", StringComparison.Ordinal) && !arrived.Contains(question.Path.Split('/')[^1]))
            {
                return Reply.Error(404, "BLOB_UNKNOWN", "");
            }

            if (!isBroken && question is { Method: "PATCH", Length: 300_000 })
            {
                isBroken = true;
                return Reply.Error(503, "UNAVAILABLE", "come again");
            }

            return null;
        };

        // Another registry, for all that the names tell: nothing there can be taken over.
        _surroundings.Registries($"[[registry]]\nprefix = '{_server.Host}/other'\nlocation = 'localhost:{_server.Port}/other'\n");
        _surroundings.Client().PushList(List, Members());

        isBroken.ShouldBeTrue();
        arrived.Order().ShouldBe(_elsewhere.Layers.Append(_elsewhere.Manifest.Config!).Select(blob => blob.Digest!).Order());
        _registry.Manifests.ContainsKey("list").ShouldBeTrue();
    }

    [Fact]
    public void A_list_is_not_put_when_an_image_did_not_arrive()
    {
        var members = Members();
        _registry.Fault = question => question.Method == "PUT" && question.Path.Contains("/manifests/sha256:") ? Reply.Error(403, "DENIED", "read only") : null;

        Should.Throw<SampanException>(() => _surroundings.Client().PushList(List, members)).Message.ShouldBe("denied: read only");

        _registry.Manifests.ContainsKey("list").ShouldBeFalse();
    }

    [Fact]
    public void Images_of_a_list_come_from_the_registry_with_the_platforms_it_says()
    {
        var index = TestImage.Index((_here.Manifest, null), (_elsewhere.Manifest, new() { Os = "linux", Architecture = "arm", Variant = "v7" }));
        _registry.Add(index, "index");
        var source = _surroundings.Source($"{_server.Host}/app:index");

        var members = source.GetMembers(source.FindManifest());

        members.Select(member => member.Reference.ToString()).ShouldBe(
            [$"{_server.Host}/app:index@{_here.Manifest.Descriptor.Digest}", $"{_server.Host}/app:index@{_elsewhere.Manifest.Descriptor.Digest}"]);
        members.Select(member => member.Descriptor.Platform).ShouldBe([new() { Os = "", Architecture = "" }, new() { Os = "linux", Architecture = "arm", Variant = "v7" }]);
        Should.Throw<SampanException>(() => source.GetMember(source.FindManifest())).Message.ShouldStartWith($"{_server.Host}/app:index is a manifest list");
    }

    [Fact]
    public void What_is_missing_is_told_in_dockers_words_and_what_is_closed_is_not_called_missing()
    {
        Should.Throw<SampanException>(() => _surroundings.Source($"{_server.Host}/app:nosuch").FindManifest()).Message.ShouldBe($"no such manifest: {_server.Host}/app:nosuch");
        _registry.Fault = question => question.Path.Contains("/manifests/") ? Reply.Error(403, "DENIED", "not for you") : null;
        Should.Throw<SampanException>(() => _surroundings.Source($"{_server.Host}/app:nosuch").FindManifest()).Message.ShouldContain("not for you");
    }

    [Fact]
    public void A_configuration_that_is_none_is_told()
    {
        var source = _surroundings.Source($"{_server.Host}/app:here");
        var manifest = source.FindManifest();
        var noise = manifest with { Config = _here.Layers[0] };

        Should.Throw<SampanException>(() => source.GetMember(noise)).Message.ShouldStartWith($"configuration {_here.Layers[0].Digest} of {_server.Host}/app:here: ");
    }

    private ImageReference Reference(string name) => ImageReference.Parse($"{_server.Host}/{name}");

    private List<ListMember> Members() => [Member("app:here"), Member("other:elsewhere")];

    private ListMember Member(string name)
    {
        var source = _surroundings.Source($"{_server.Host}/{name}");
        return source.GetMember(source.FindManifest());
    }
}
