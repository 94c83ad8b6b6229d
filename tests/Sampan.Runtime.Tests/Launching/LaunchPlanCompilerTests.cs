using Sampan.Linux;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Tests.Launching;

public sealed class LaunchPlanCompilerTests
{
    [Fact]
    public void The_plan_of_a_small_specification_is_the_golden_one()
    {
        using var plan = ContainerLauncher.Explain(SpecSample.Request(SpecSample.Spec));
        var actual = string.Join('\n', plan.Texts.Select(text => $"{text.Side} {text.Call} {text.Object}".TrimEnd())) + "\n";
        var path = Path.Combine(AppContext.BaseDirectory, "Launching", "small.plan");
        actual.ShouldBe(File.ReadAllText(path), $"the plan changed; when it should have, this is the new {path}:\n{actual}");
    }

    [Fact]
    public void Every_step_says_what_it_is_for()
    {
        using var plan = ContainerLauncher.Explain(SpecSample.Request(SpecSample.Spec));
        plan.Texts.ShouldAllBe(text => text.Call.Length > 0 && text.Purpose.Length > 0);
    }

    [Fact]
    public void The_filter_is_loaded_after_no_new_privs_and_without_it_before_capabilities_go()
    {
        Calls(SpecSample.Spec).ShouldBeInOrder("capset", "prctl PR_SET_NO_NEW_PRIVS", "seccomp", "execve");
        var spec = SpecSample.Spec;
        Calls(spec with { Process = spec.Process! with { NoNewPrivileges = false } }).ShouldBeInOrder("seccomp", "prctl PR_CAPBSET_DROP", "capset", "execve");
    }

    [Fact]
    public void Host_paths_are_opened_by_the_host_side_and_the_cgroup_is_joined_before_its_namespace_is_made()
    {
        using var plan = ContainerLauncher.Explain(SpecSample.Request(SpecSample.Spec));
        plan.Texts.Single(text => text.Call == "open_tree" && text.Object == "/srv/data").Side.ShouldBe(PlanSide.Host);
        var texts = plan.Texts.Select(text => $"{text.Call} {text.Object}").ToList();
        texts.FindIndex(text => text.StartsWith("write /sys/fs/cgroup/", StringComparison.Ordinal))
            .ShouldBeLessThan(texts.IndexOf("unshare cgroup namespace"));
    }

    [Fact]
    public void The_death_signal_is_asked_for_again_after_credentials_changed()
    {
        var calls = Calls(SpecSample.Spec);
        calls.LastIndexOf("prctl PR_SET_PDEATHSIG").ShouldBeGreaterThan(calls.IndexOf("setresuid"));
        calls.IndexOf("prctl PR_SET_PDEATHSIG").ShouldBeLessThan(calls.IndexOf("setresuid"));
    }

    [Theory]
    [InlineData("rw,bogus=1", "unknown option \"bogus=1\" for a bind mount")]
    [InlineData("idmap", "needs a user namespace")]
    public void Bind_options_the_kernel_does_not_know_are_refused(string options, string words) =>
        Refusal(SpecSample.Spec with { Mounts = [new() { Destination = "/x", Source = "/y", Options = ["bind", .. options.Split(',')] }] }).ShouldContain(words);

    [Fact]
    public void What_makes_no_sense_is_refused_before_anything_is_made()
    {
        var spec = SpecSample.Spec;
        Refusal(spec with { Process = spec.Process! with { Args = [] } }).ShouldContain("process.args");
        Refusal(spec with { Process = spec.Process! with { Cwd = "relative" } }).ShouldContain("not absolute");
        Refusal(spec with { Process = spec.Process! with { Args = ["a\0b"] } }).ShouldContain("NUL");
        Refusal(spec with { Mounts = [new() { Destination = "proc", Type = "proc" }] }).ShouldContain("not absolute");
        Refusal(spec with { Hostname = null, Linux = spec.Linux! with { Namespaces = [new() { Type = "pid" }] } }).ShouldContain("private MNT namespace");
        Refusal(spec with { Linux = spec.Linux! with { Namespaces = [new() { Type = "mount" }, new() { Type = "pid" }, new() { Type = "pid" }] } }).ShouldContain("twice");
        Refusal(spec with { Process = spec.Process! with { Rlimits = [new() { Type = "RLIMIT_BOGUS" }] } }).ShouldContain("RLIMIT_BOGUS");
        Refusal(spec with { Process = spec.Process! with { Terminal = true } }).ShouldContain("devpts");
    }

    [Fact]
    public void A_hundred_layers_with_long_names_go_through_the_new_mount_calls()
    {
        var layers = Enumerable.Range(0, 100).Select(i => "/l/" + i.ToString("x64")).ToList();
        var request = SpecSample.Request(SpecSample.Spec) with { Root = new RootFilesystem.Overlay(layers, "/c/upper", "/c/work", "/c/rootfs") };
        using var plan = ContainerLauncher.Explain(request);
        plan.Texts.Count(text => text.Object.StartsWith("lowerdir+=", StringComparison.Ordinal)).ShouldBe(100);
        plan.Texts.First(text => text.Object.StartsWith("lowerdir+=", StringComparison.Ordinal)).Object.ShouldBe("lowerdir+=" + 99.ToString("x64"));
    }

    private static List<string> Calls(RuntimeSpec spec)
    {
        using var plan = ContainerLauncher.Explain(SpecSample.Request(spec));
        return plan.Texts.Select(text => text.Call).ToList();
    }

    private static string Refusal(RuntimeSpec spec) =>
        Should.Throw<SampanException>(() => ContainerLauncher.Explain(SpecSample.Request(spec)).Dispose()).Message;
}

internal static class OrderAssertion
{
    public static void ShouldBeInOrder(this List<string> calls, params string[] wanted)
    {
        var positions = wanted.Select(call => calls.IndexOf(call)).ToList();
        positions.ShouldNotContain(-1);
        positions.ShouldBe(positions.Order().ToList());
    }
}
