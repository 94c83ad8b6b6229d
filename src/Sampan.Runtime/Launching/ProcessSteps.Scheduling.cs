using System.Globalization;
using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class ProcessSteps
{
    private const int SchedulerAttributesSize = 48;
    private const int IoPriorityWhoProcess = 1;

    /// <summary>How the kernel schedules the process and places its memory, while it still has the privileges to say so.</summary>
    /// <param name="linux">The container's Linux section, whose personality and memory policy every process of it gets.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: names or values that do not exist.</exception>
    public void SetScheduling(RuntimeLinux? linux)
    {
        if (linux?.Personality is { } personality)
        {
            SetPersonality(personality);
        }

        if (linux?.MemoryPolicy is { } policy)
        {
            SetMemoryPolicy(policy);
        }

        if (process.IoPriority is { } priority)
        {
            plan.Call(
                SystemCall.IoprioSet, "ioprio_set", $"{priority.Class} {priority.Priority}", "input and output priority",
                IoPriorityWhoProcess, 0, SchedulingPolicy.IoPriority(priority));
        }

        if (process.Scheduler is { } scheduler)
        {
            SetScheduler(scheduler);
        }
    }

    /// <summary>Restricts the process to some of the machine's processors.</summary>
    /// <param name="list">A list such as "0-3"; null or empty leaves it.</param>
    /// <param name="field">Where the list comes from.</param>
    /// <param name="purpose">What for.</param>
    public void SetAffinity(string? list, string field, string purpose)
    {
        if (string.IsNullOrEmpty(list))
        {
            return;
        }

        var mask = CpuList.Parse(list, field);
        plan.Call(SystemCall.SchedSetaffinity, "sched_setaffinity", list, purpose, 0, mask.Length * sizeof(ulong), Words(mask));
    }

    private void SetPersonality(RuntimePersonality personality)
    {
        if (personality.Flags is { Count: > 0 })
        {
            throw SampanException.InvalidArgument("unsupported personality flag: the specification defines none, leave linux.personality.flags out");
        }

        var domain = personality.Domain switch
        {
            "LINUX" => 0,
            "LINUX32" => 8,
            _ => throw SampanException.InvalidArgument($"invalid personality domain \"{personality.Domain}\": use LINUX or LINUX32"),
        };
        plan.Call(SystemCall.Personality, "personality", personality.Domain, "execution domain, such as what uname -m says", domain);
    }

    private void SetMemoryPolicy(RuntimeMemoryPolicy memory)
    {
        var policy = MemoryPolicy.From(memory);

        // The kernel reads one bit less than it is told (mm/mempolicy.c, get_nodes).
        plan.Call(
            SystemCall.SetMempolicy, "set_mempolicy", $"{memory.Mode} {memory.Nodes}".TrimEnd(), "memory nodes it allocates from",
            policy.Mode, policy.Nodes is null ? 0 : Words(policy.Nodes), policy.Nodes is null ? 0 : (policy.Nodes.Length * 64) + 1);
    }

    private void SetScheduler(RuntimeScheduler scheduler)
    {
        SchedulingPolicy.Check(scheduler);

        // struct sched_attr: size, policy, flags, nice, priority, runtime, deadline, period (sched_setattr(2)).
        var attributes = plan.Arena.Allocate(SchedulerAttributesSize);
        *(uint*)attributes = SchedulerAttributesSize;
        *(uint*)(attributes + 4) = SchedulingPolicy.Policy(scheduler.Policy);
        *(ulong*)(attributes + 8) = SchedulingPolicy.FlagBits(scheduler.Flags);
        *(int*)(attributes + 16) = scheduler.Nice;
        *(uint*)(attributes + 20) = (uint)scheduler.Priority;
        *(ulong*)(attributes + 24) = scheduler.Runtime;
        *(ulong*)(attributes + 32) = scheduler.Deadline;
        *(ulong*)(attributes + 40) = scheduler.Period;
        plan.Call(SystemCall.SchedSetattr, "sched_setattr", Describe(scheduler), "scheduling policy", 0, (nint)attributes, 0);
    }

    private static string Describe(RuntimeScheduler scheduler) => scheduler.Policy switch
    {
        "SCHED_FIFO" or "SCHED_RR" => string.Create(CultureInfo.InvariantCulture, $"{scheduler.Policy} priority {scheduler.Priority}"),
        "SCHED_DEADLINE" => string.Create(CultureInfo.InvariantCulture, $"SCHED_DEADLINE {scheduler.Runtime}/{scheduler.Deadline}/{scheduler.Period} ns"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{scheduler.Policy} nice {scheduler.Nice}"),
    };

    private nint Words(ulong[] words) => plan.Arena.Bytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(words));
}
