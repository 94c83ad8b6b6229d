using Sampan.Linux;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Seccomp;
using Sampan.Runtime.Tests.Launching;

namespace Sampan.Runtime.Tests.Seccomp;

public sealed class SeccompLoadingTests
{
    private static readonly RuntimeSeccomp Asking = new()
    {
        DefaultAction = "SCMP_ACT_ALLOW",
        ListenerPath = "/run/agent",
        Syscalls = [new() { Names = ["mkdir"], Action = "SCMP_ACT_NOTIFY" }],
    };

    private static readonly RuntimeSeccomp Silent = new() { DefaultAction = "SCMP_ACT_ALLOW" };

    [Fact]
    public void Flags_are_the_kernels_and_runcs_default_without_a_list()
    {
        SeccompLoading.From(null).ShouldBe(new(4, false));
        SeccompLoading.From(Silent).ShouldBe(new(4, false));
        SeccompLoading.From(Silent with { Flags = [] }).ShouldBe(new(0, false));
        SeccompLoading.From(Silent with { Flags = ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"] }).ShouldBe(new(7, false));
        SeccompLoading.From(Asking with { Flags = [] }).ShouldBe(new(8, true));
        SeccompLoading.From(Asking with { Flags = ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] }).ShouldBe(new(1 | 8 | 16 | 32, true));
    }

    [Fact]
    public void What_cannot_work_is_refused()
    {
        Refusal(Silent with { Flags = ["SECCOMP_FILTER_FLAG_X"] }).ShouldContain("SECCOMP_FILTER_FLAG_X");
        Refusal(Silent with { Flags = ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] }).ShouldContain("SCMP_ACT_NOTIFY");
        Refusal(Asking with { ListenerPath = null }).ShouldContain("listenerPath is not set");
        Refusal(Asking with { DefaultAction = "SCMP_ACT_NOTIFY" }).ShouldContain("default action");
        Refusal(Asking with { Syscalls = [new() { Names = ["mkdir", "write"], Action = "SCMP_ACT_NOTIFY" }] }).ShouldContain("write syscall");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_listener_is_announced_at_once(bool noNewPrivileges)
    {
        var spec = SpecSample.Spec;
        var steps = PlanText.Steps(spec with { Process = spec.Process! with { NoNewPrivileges = noNewPrivileges }, Linux = spec.Linux! with { Seccomp = Asking } });
        var loaded = steps.FindIndex(step => step.StartsWith("seccomp ", StringComparison.Ordinal));
        steps[loaded].ShouldBe("seccomp 2 instructions, with a listener");
        steps[loaded + 1].ShouldBe("write status channel");
        steps[loaded + 2].ShouldBe("read status channel");
    }

    [Fact]
    public void Architectures_of_other_machines_add_nothing_and_unknown_ones_are_refused()
    {
        var native = SeccompPolicyReader.Read(Silent with { Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"] }).Architectures;
        native.Count.ShouldBe(1);
        SeccompPolicyReader.Read(Silent with { Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64", "SCMP_ARCH_S390X", "SCMP_ARCH_MIPS64N32"] })
            .Architectures.ShouldBe(native);
        Should.Throw<SampanException>(() => SeccompPolicyReader.Read(Silent with { Architectures = ["SCMP_ARCH_VAX"] })).Message.ShouldContain("SCMP_ARCH_VAX");
        Should.Throw<SampanException>(() => SeccompPolicyReader.Read(Silent with { Syscalls = [new() { Action = "SCMP_ACT_LOG" }] })).Message.ShouldContain("names no system call");
    }

    private static string Refusal(RuntimeSeccomp section) => Should.Throw<SampanException>(() => SeccompLoading.From(section)).Message;
}
