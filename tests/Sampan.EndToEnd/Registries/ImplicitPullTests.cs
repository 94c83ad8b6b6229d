namespace Sampan.EndToEnd.Registries;

/// <summary>run and create of an image that is not there, or may be newer.</summary>
public sealed class ImplicitPullTests(RegistryHost registry) : IClassFixture<RegistryHost>, IDisposable
{
    private readonly ClientHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Run_pulls_what_is_missing_and_says_so_on_standard_error()
    {
        var name = registry.PushBusybox("run/app:1");
        var result = _host.Sampan("run", "--rm", name, "echo", "inside");
        result.ShouldSucceed().ShouldBe("inside");
        var lines = result.Error.TrimEnd('\n').Split('\n');
        lines[..2].ShouldBe([$"Unable to find image '{name}' locally", "1: Pulling from run/app"]);
        lines[^1].ShouldBe($"Status: Downloaded newer image for {name}");
        result = _host.Sampan("run", "--rm", name, "echo", "again");
        result.ShouldSucceed().ShouldBe("again");
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public void Quietly_or_never()
    {
        var name = registry.PushBusybox("quiet/app:1");
        _host.Sampan("run", "--rm", "--pull", "never", name, "true").ShouldFailInOneLine(125, "No such image: " + name);
        _host.Sampan("create", "--pull", "never", name, "true").ShouldFailInOneLine(1, "No such image: " + name);
        var result = _host.Sampan("create", "--quiet", name, "true");
        result.ShouldSucceed().ShouldMatch("^[0-9a-f]{64}$");
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public void Always_pulls_what_is_newer()
    {
        var name = registry.PushBusybox("always/app:1");
        _host.Sampan("pull", "-q", name).ShouldSucceed();
        registry.Pusher.MakeImage("newer", 1234);
        registry.Push("newer", "always/app:1");
        _host.Sampan("run", "--rm", name, "test", "-e", "/0").ExitCode.ShouldBe(1);
        var result = _host.Sampan("run", "--rm", "--pull", "always", name, "stat", "-c", "%s", "/0");
        result.ShouldSucceed().ShouldBe("1234");
        result.Error.ShouldStartWith("1: Pulling from always/app\n");
        result.Error.ShouldNotContain("Unable to find image");
    }

    [Fact]
    public void What_cannot_be_pulled_is_said_once()
    {
        var name = registry.Address + "/nothing/here:1";
        _host.Sampan("run", "--rm", name, "true").ShouldFail(125)
            .ShouldBe($"Unable to find image '{name}' locally\nsampan: manifest for {name} not found: manifest unknown: manifest unknown");
        _host.Sampan("create", "--pull", "always", name).ShouldFailInOneLine(1, $"manifest for {name} not found");
        _host.Sampan("create", "nosuch").ShouldFail(1, "Unable to find image 'nosuch:latest' locally", "registry docker.io is blocked in");
        _host.Sampan("ps", "-aq").Text.ShouldBeEmpty();
        var file = Path.Combine(_host.Folder, "cid");
        _host.Sampan("create", "--cidfile", file, name).ExitCode.ShouldBe(1);
        File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    public void What_is_there_for_another_platform_is_missing()
    {
        var name = registry.PushBusybox("platform/app:1");
        _host.Sampan("pull", "-q", name).ShouldSucceed();
        var words = $"image with reference {name} was found but does not match the specified platform: wanted linux/s390x, actual: linux/amd64";
        _host.Sampan("run", "--rm", "--platform", "linux/s390x", "--pull", "never", name, "true").ShouldFailInOneLine(125, words);
        _host.Sampan("run", "--rm", "--platform", "linux/s390x", name, "true")
            .ShouldFail(125, $"Unable to find image '{name}' locally\n1: Pulling from platform/app\n", $"Status: Image is up to date for {name}\n", "sampan: " + words);
    }

    [Fact]
    public void What_else_is_missing_is_pulled_by_nobody()
    {
        var name = registry.PushBusybox("else/app:1");
        _host.Sampan("pull", "-q", name).ShouldSucceed();
        var before = registry.Registry.Requests().Count;
        _host.Sampan("run", "--rm", "--volumes-from", "nobody", name, "true").ShouldFailInOneLine(125, "No such container: nobody");
        registry.Registry.Requests().Skip(before).ShouldAllBe(request => !request.Contains("/else/"));
    }

    [Fact]
    public void Without_what_speaks_to_registries_nothing_is_pulled()
    {
        var alone = Path.Combine(_host.Folder, "bin", "sampan");
        Directory.CreateDirectory(Path.GetDirectoryName(alone)!);
        File.Copy(Host.Binary, alone);
        using var pull = new RunningCommand(alone, _host.Arguments("pull", registry.Address + "/x"));
        pull.Wait().ShouldFailInOneLine(1, "sampan-registry is missing from " + Path.GetDirectoryName(alone));
        using var run = new RunningCommand(alone, _host.Arguments("run", "--quiet", registry.Address + "/x"));
        run.Wait().ShouldFailInOneLine(125, "sampan-registry is missing from " + Path.GetDirectoryName(alone));
    }
}
