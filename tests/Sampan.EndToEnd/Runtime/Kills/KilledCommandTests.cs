namespace Sampan.EndToEnd.Runtime.Kills;

/// <summary>The runtime dies at every system call in turn: state tells the truth, delete --force clears all, and the name can be used again.</summary>
public sealed class KilledCommandTests(KilledRuntime runtime) : IClassFixture<KilledRuntime>
{
    [Theory]
    [InlineData(true, 42)]
    [InlineData(false, 36)]
    public void Create(bool followed, int least)
    {
        var seen = new HashSet<string?>();
        runtime.AtEveryStep(
            null, _ => seen.Add(runtime.Status()), false, KilledRuntime.Calls, ["create", .. runtime.Following(followed), "--bundle", runtime.Bundle, runtime.Id]).ShouldBeGreaterThan(least);
        seen.ShouldBeSubsetOf([null, "stopped", "created"]);
        seen.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Start()
    {
        var seen = new HashSet<string?>();
        runtime.AtEveryStep(runtime.Create, _ => seen.Add(runtime.Status()), false, KilledRuntime.Calls, "start", runtime.Id).ShouldBeGreaterThan(3);
        seen.Order().ShouldBe(["created", "running"]);
    }

    [Fact]
    public void Exec() =>
        runtime.AtEveryStep(runtime.Start, _ => runtime.Status().ShouldBe("running"), false, KilledRuntime.Calls, "exec", "--detach", runtime.Id, "sleep", "98765").ShouldBeGreaterThan(3);

    [Fact]
    public void Kill() =>
        runtime.AtEveryStep(runtime.Start, _ => runtime.Status().ShouldBeOneOf("running", "stopped"), false, KilledRuntime.Calls, "kill", runtime.Id, "KILL").ShouldBeGreaterThan(1);

    [Fact]
    public void Delete()
    {
        var seen = new HashSet<string?>();
        runtime.AtEveryStep(runtime.Start, _ => seen.Add(runtime.Status()), false, KilledRuntime.Calls, "delete", "--force", runtime.Id).ShouldBeGreaterThan(10);
        seen.ShouldBeSubsetOf([null, "stopped", "running"]);
        seen.Count.ShouldBeGreaterThan(1);
    }
}
