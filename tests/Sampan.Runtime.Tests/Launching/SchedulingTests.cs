using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Tests.Launching;

public sealed class SchedulingTests
{
    private static readonly RuntimeSpec Plain = SpecSample.Spec;

    private static RuntimeSpec With(RuntimeProcess process) => Plain with { Process = process };

    private static RuntimeSpec With(RuntimeScheduler scheduler) => With(Plain.Process! with { Scheduler = scheduler });

    private static RuntimeSpec With(RuntimeMemoryPolicy policy) => Plain with { Linux = Plain.Linux! with { MemoryPolicy = policy } };

    [Fact]
    public void All_of_it_is_set_after_the_limits_and_before_privileges_go()
    {
        var process = Plain.Process! with
        {
            Scheduler = new() { Policy = "SCHED_RR", Priority = 7, Flags = ["SCHED_FLAG_RESET_ON_FORK"] },
            IoPriority = new() { Class = "IOPRIO_CLASS_RT", Priority = 1 },
        };
        var linux = Plain.Linux! with
        {
            Personality = new() { Domain = "LINUX32" },
            MemoryPolicy = new() { Mode = "MPOL_INTERLEAVE", Nodes = "0-1", Flags = ["MPOL_F_STATIC_NODES"] },
        };
        var spec = Plain with { Process = process, Linux = linux };
        PlanText.Added(spec, Plain).ShouldBe(
        [
            "Container personality LINUX32", "Container set_mempolicy MPOL_INTERLEAVE 0-1", "Container ioprio_set IOPRIO_CLASS_RT 1",
            "Container sched_setattr SCHED_RR priority 7",
        ]);
        PlanText.Steps(spec).Select(step => step.Split(' ')[0]).ToList().ShouldBeInOrder("prlimit64", "sched_setattr", "capset", "execve");
    }

    [Theory]
    [InlineData("SCHED_OTHER", 5, "SCHED_OTHER nice 5")]
    [InlineData("SCHED_BATCH", -3, "SCHED_BATCH nice -3")]
    [InlineData("SCHED_IDLE", 0, "SCHED_IDLE nice 0")]
    [InlineData("SCHED_ISO", 0, "SCHED_ISO nice 0")]
    public void Policies_with_a_nice_value(string policy, int nice, string words) =>
        PlanText.Added(With(new RuntimeScheduler { Policy = policy, Nice = nice }), Plain).ShouldBe([$"Container sched_setattr {words}"]);

    [Fact]
    public void Deadline_has_three_times() =>
        PlanText.Added(With(new RuntimeScheduler { Policy = "SCHED_DEADLINE", Runtime = 1, Deadline = 2, Period = 3 }), Plain)
            .ShouldBe(["Container sched_setattr SCHED_DEADLINE 1/2/3 ns"]);

    [Fact]
    public void What_does_not_go_together_is_refused_in_runcs_words()
    {
        PlanText.Refusal(With(new RuntimeScheduler())).ShouldBe("scheduler policy is required");
        PlanText.Refusal(With(new RuntimeScheduler { Policy = "SCHED_NICE" })).ShouldContain("SCHED_NICE");
        PlanText.Refusal(With(new RuntimeScheduler { Policy = "SCHED_OTHER", Nice = 20 })).ShouldContain("invalid scheduler.nice: 20");
        PlanText.Refusal(With(new RuntimeScheduler { Policy = "SCHED_OTHER", Priority = 1 })).ShouldContain("SchedFIFO or SchedRR");
        PlanText.Refusal(With(new RuntimeScheduler { Policy = "SCHED_FIFO", Period = 1 })).ShouldContain("SchedDeadline");
        PlanText.Refusal(With(new RuntimeScheduler { Policy = "SCHED_FIFO", Flags = ["SCHED_FLAG_X"] })).ShouldContain("SCHED_FLAG_X");
        PlanText.Refusal(With(Plain.Process! with { IoPriority = new() { Class = "IOPRIO_CLASS_BE", Priority = 8 } })).ShouldContain("8");
        PlanText.Refusal(With(Plain.Process! with { IoPriority = new() { Class = "BE" } })).ShouldContain("ioPriority.class");
        PlanText.Refusal(Plain with { Linux = Plain.Linux! with { Personality = new() { Domain = "BSD" } } }).ShouldContain("personality domain");
        PlanText.Refusal(Plain with { Linux = Plain.Linux! with { Personality = new() { Flags = ["X"] } } }).ShouldContain("personality flag");
        PlanText.Refusal(With(new RuntimeMemoryPolicy { Mode = "MPOL_X" })).ShouldContain("MPOL_X");
        PlanText.Refusal(With(new RuntimeMemoryPolicy { Mode = "MPOL_BIND" })).ShouldContain("needs nodes");
        PlanText.Refusal(With(new RuntimeMemoryPolicy { Mode = "MPOL_LOCAL", Nodes = "0" })).ShouldContain("takes no nodes");
        PlanText.Refusal(With(new RuntimeMemoryPolicy { Mode = "MPOL_BIND", Nodes = "0", Flags = ["MPOL_F_X"] })).ShouldContain("MPOL_F_X");
    }

    [Theory]
    [InlineData("0", 0b1UL)]
    [InlineData("0-3,5", 0b10_1111UL)]
    [InlineData(" 1 , 63 ", 0x8000_0000_0000_0002UL)]
    public void Lists_are_the_kernels(string list, ulong mask) => CpuList.Parse(list, "cpus").ShouldBe([mask]);

    [Fact]
    public void A_long_list_takes_more_words() => CpuList.Parse("64-65,128", "cpus").ShouldBe([0UL, 3UL, 1UL]);

    [Theory]
    [InlineData("")]
    [InlineData("3-1")]
    [InlineData("a")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("8192")]
    [InlineData("1,,2")]
    public void Other_texts_are_not_lists(string list) => Should.Throw<Sampan.Linux.SampanException>(() => CpuList.Parse(list, "cpus")).Message.ShouldContain("cpus");
}
