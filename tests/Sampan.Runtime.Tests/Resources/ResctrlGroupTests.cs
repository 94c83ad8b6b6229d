using Sampan.Linux;
using Sampan.Runtime.Resources;
using Sampan.Runtime.Tests.Launching;

namespace Sampan.Runtime.Tests.Resources;

/// <summary>No test machine has resctrl: a directory stands in for its file system, and the plan is looked at, not executed.</summary>
public sealed class ResctrlGroupTests : IDisposable
{
    private readonly string _mountpoint = Directory.CreateTempSubdirectory("sampan-resctrl-").FullName;

    public ResctrlGroupTests() => File.WriteAllText(Path.Combine(_mountpoint, "schemata"), "L3:0=ff\n");

    public void Dispose() => Directory.Delete(_mountpoint, recursive: true);

    [Fact]
    public void A_group_with_a_schema_is_made_filled_and_entered()
    {
        var spec = SpecSample.Spec;
        var with = spec with { Linux = spec.Linux! with { IntelRdt = new() { ClosID = "gold", L3CacheSchema = "L3:0=f", MemBwSchema = "MB:0=50", Schemata = ["L2:0=1"], EnableMonitoring = true } } };
        PlanText.Added(with, spec, request => request with { ResctrlMountpoint = _mountpoint }).ShouldBe(
        [
            $"Host mkdirat {_mountpoint}/gold", $"Host openat {_mountpoint}/gold/schemata", $"Host write {_mountpoint}/gold/schemata = L3:0=f, MB:0=50, L2:0=1",
            $"Host openat {_mountpoint}/gold/tasks", $"Host mkdirat {_mountpoint}/gold/mon_groups/c1", $"Host openat {_mountpoint}/gold/mon_groups/c1/tasks",
            $"Container write {_mountpoint}/gold/tasks", $"Container write {_mountpoint}/gold/mon_groups/c1/tasks",
        ]);
    }

    [Fact]
    public void An_update_changes_the_share_and_makes_a_group_for_who_has_none()
    {
        Directory.CreateDirectory(Path.Combine(_mountpoint, "info/L3"));
        var own = Directory.CreateDirectory(Path.Combine(_mountpoint, "c1")).FullName;
        foreach (var file in (string[])["tasks", "schemata"])
        {
            File.WriteAllText(Path.Combine(own, file), "");
        }

        var made = ResctrlGroup.Update(null, new() { L3CacheSchema = "L3:0=3" }, "c1", [42], _mountpoint);
        made.L3CacheSchema.ShouldBe("L3:0=3");
        File.ReadAllText(Path.Combine(own, "tasks")).ShouldBe("42");
        File.ReadAllText(Path.Combine(own, "schemata")).ShouldBe("L3:0=3\n");

        File.WriteAllText(Path.Combine(own, "tasks"), "");
        ResctrlGroup.Update(made with { MemBwSchema = "MB:0=50" }, new() { L3CacheSchema = "L3:0=7" }, "c1", [42], _mountpoint).MemBwSchema.ShouldBe("MB:0=50");
        File.ReadAllText(Path.Combine(own, "tasks")).ShouldBeEmpty();
        File.ReadAllText(Path.Combine(own, "schemata")).ShouldBe("L3:0=7\nMB:0=50\n");
        Should.Throw<SampanException>(() => ResctrlGroup.Update(null, new() { MemBwSchema = "MB:0=50" }, "c1", [], _mountpoint)).Message.ShouldContain("memory bandwidth schema is not enabled");
    }

    [Fact]
    public void A_group_that_is_only_named_must_be_there_and_one_without_a_name_is_the_containers()
    {
        ResctrlGroup.Of(new() { ClosID = "gold" }, "c1", _mountpoint)!.Makes.ShouldBeFalse();
        var own = ResctrlGroup.Of(new(), "c1", _mountpoint)!;
        own.Makes.ShouldBeTrue();
        own.Directory.ShouldBe($"{_mountpoint}/c1");
        ResctrlGroup.Of(new() { ClosID = "/", Schemata = ["L3:0=f"] }, "c1", _mountpoint)!.Directory.ShouldBe(_mountpoint);
        ResctrlGroup.Of(null, "c1", _mountpoint).ShouldBeNull();
    }

    [Fact]
    public void Only_what_is_the_containers_own_is_removed()
    {
        Directory.CreateDirectory($"{_mountpoint}/c1");
        Directory.CreateDirectory($"{_mountpoint}/gold/mon_groups/c1");
        ResctrlGroup.Remove(new(), "c1", _mountpoint);
        Directory.Exists($"{_mountpoint}/c1").ShouldBeFalse();
        ResctrlGroup.Remove(new() { ClosID = "gold", EnableMonitoring = true }, "c1", _mountpoint);
        Directory.Exists($"{_mountpoint}/gold/mon_groups/c1").ShouldBeFalse();
        Directory.Exists($"{_mountpoint}/gold").ShouldBeTrue();
        ResctrlGroup.Remove(new(), "c1", _mountpoint);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("info")]
    public void Names_that_are_no_group_are_refused(string name) =>
        Should.Throw<SampanException>(() => ResctrlGroup.Of(new() { ClosID = name }, "c1", _mountpoint)).Message.ShouldContain("closID");

    [Fact]
    public void A_host_without_resctrl_is_told() =>
        Should.Throw<SampanException>(() => ResctrlGroup.Of(new(), "c1", "/nowhere/resctrl")).Message.ShouldContain("/nowhere/resctrl is not there");
}
