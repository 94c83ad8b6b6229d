using Sampan.Linux;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests;

public sealed class MirrorTests : IDisposable
{
    private readonly Surroundings _surroundings = new();
    private readonly FakeRegistry _first = new();
    private readonly FakeRegistry _second = new();
    private readonly ScriptedServer _mirror;
    private readonly ScriptedServer _registry;
    private readonly TestImage _image = new(4, "amd64", 200_000);

    public MirrorTests()
    {
        _mirror = new(_first.Answer);
        _registry = new(_second.Answer);
        _surroundings.Registries($"""
            [[registry]]
            prefix = "registry.test"
            location = "{_registry.Host}/moved"
            [[registry.mirror]]
            location = "{_mirror.Host}/copy"
            [[registry]]
            location = "blocked.test"
            blocked = true
            """);
    }

    public void Dispose()
    {
        _surroundings.Dispose();
        _mirror.Dispose();
        _registry.Dispose();
    }

    [Fact]
    public void A_mirror_is_asked_first_and_alone_when_it_has_all()
    {
        _first.Add(_image, "1");
        Pull().ShouldBe(_image[_image.Layers[0]]);
        _registry.Questions.ShouldBeEmpty();
        _mirror.Questions.ShouldContain(question => question.Path == "/v2/copy/x/manifests/1");
    }

    [Fact]
    public void What_a_mirror_does_not_have_the_registry_is_asked_for()
    {
        _second.Add(_image, "1");
        Pull().ShouldBe(_image[_image.Layers[0]]);
        _registry.Questions.ShouldContain(question => question.Path == "/v2/moved/x/manifests/1");
        _mirror.Questions.ShouldNotContain(question => question.Path.Contains("/blobs/"), "who answered for the manifest goes first");
    }

    [Fact]
    public void A_mirror_that_is_gone_is_no_harm()
    {
        _second.Add(_image, "1");
        _mirror.Dispose();
        Pull().ShouldBe(_image[_image.Layers[0]]);
    }

    [Fact]
    public void A_mirror_that_breaks_in_the_middle_is_taken_over_from_there()
    {
        _first.Add(_image, "1");
        _second.Add(_image, "1");
        _first.Fault = question => question.Path.Contains("/blobs/") ? new Reply(200, _image[_image.Layers[0]][..50_000]) { ClaimedLength = 200_000 } : null;
        Pull().ShouldBe(_image[_image.Layers[0]]);
        _registry.Questions.Single(question => question.Path.Contains("/blobs/"))["Range"].ShouldBe("bytes=50000-");
    }

    [Fact]
    public void A_mirror_that_has_another_manifest_under_a_digest_is_passed_over()
    {
        _first.Add(_image, "1");
        _second.Add(_image, "1");
        _first.Manifests[_image.Manifest.Descriptor.Digest!] = ("application/json", "{}"u8.ToArray());
        _surroundings.Source("registry.test/x@" + _image.Manifest.Descriptor.Digest).GetManifest().Bytes.ToArray().ShouldBe(_image.Manifest.Bytes.ToArray());
    }

    [Fact]
    public void A_mirror_that_stumbles_is_not_waited_for()
    {
        _second.Add(_image, "1");
        _first.Fault = question => question.Path.StartsWith("/v2/copy/", StringComparison.Ordinal) ? new Reply(503) : null;
        Pull().ShouldBe(_image[_image.Layers[0]]);
        _mirror.Questions.Count(question => question.Path.Contains("/manifests/")).ShouldBe(1);
    }

    [Fact]
    public void The_error_is_the_registry_s_own() =>
        Should.Throw<SampanException>(() => Pull()).Message.ShouldBe("manifest for registry.test/x:1 not found: manifest unknown: manifest unknown");

    [Fact]
    public void What_is_blocked_is_not_asked() =>
        Should.Throw<SampanException>(() => _surroundings.Source("blocked.test/x")).Kind.ShouldBe(ErrorKind.Forbidden);

    [Fact]
    public void Pushes_go_to_the_registry()
    {
        _surroundings.Target("registry.test/x:1").PushImage(_image.Manifest, _ => throw new InvalidOperationException(), _image.Open);
        _mirror.Questions.ShouldBeEmpty();
        _second.Manifests.ShouldContainKey("1");
    }

    private byte[] Pull()
    {
        var source = _surroundings.Source("registry.test/x:1");
        var manifest = source.GetManifest();
        return source.OpenBlob(manifest.Layers[0]).ReadAll();
    }
}
