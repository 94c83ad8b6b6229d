using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>The numbers behind the names of process.scheduler and process.ioPriority, and what does not go together (sched_setattr(2),
/// ioprio_set(2); the words are runc's).</summary>
internal static class SchedulingPolicy
{
    private const int IoPriorityClassShift = 13;

    private static readonly (string Name, uint Number)[] Policies =
    [
        ("SCHED_OTHER", 0), ("SCHED_FIFO", 1), ("SCHED_RR", 2), ("SCHED_BATCH", 3), ("SCHED_ISO", 4), ("SCHED_IDLE", 5), ("SCHED_DEADLINE", 6),
    ];

    private static readonly (string Name, ulong Bit)[] Flags =
    [
        ("SCHED_FLAG_RESET_ON_FORK", 0x01), ("SCHED_FLAG_RECLAIM", 0x02), ("SCHED_FLAG_DL_OVERRUN", 0x04), ("SCHED_FLAG_KEEP_POLICY", 0x08),
        ("SCHED_FLAG_KEEP_PARAMS", 0x10), ("SCHED_FLAG_UTIL_CLAMP_MIN", 0x20), ("SCHED_FLAG_UTIL_CLAMP_MAX", 0x40),
    ];

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the fields contradict each other.</exception>
    public static void Check(RuntimeScheduler scheduler)
    {
        if (scheduler.Policy.Length == 0)
        {
            throw SampanException.InvalidArgument("scheduler policy is required");
        }

        _ = Policy(scheduler.Policy);
        _ = FlagBits(scheduler.Flags);
        if (scheduler.Nice is < -20 or > 19)
        {
            throw SampanException.InvalidArgument($"invalid scheduler.nice: {scheduler.Nice}: use -20 to 19");
        }

        if (scheduler.Priority != 0 && scheduler.Policy is not ("SCHED_FIFO" or "SCHED_RR"))
        {
            throw SampanException.InvalidArgument("scheduler.priority can only be specified for SchedFIFO or SchedRR policy");
        }

        if (scheduler.Policy != "SCHED_DEADLINE" && (scheduler.Runtime | scheduler.Deadline | scheduler.Period) != 0)
        {
            throw SampanException.InvalidArgument("scheduler runtime/deadline/period can only be specified for SchedDeadline policy");
        }
    }

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no such policy.</exception>
    public static uint Policy(string name)
    {
        foreach (var (known, number) in Policies)
        {
            if (known == name)
            {
                return number;
            }
        }

        throw SampanException.InvalidArgument($"invalid scheduler policy \"{name}\": see sched_setattr(2)");
    }

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no such flag.</exception>
    public static ulong FlagBits(IReadOnlyList<string>? names)
    {
        var bits = 0UL;
        for (var index = 0; index < (names?.Count ?? 0); index++)
        {
            var before = bits;
            foreach (var (known, bit) in Flags)
            {
                bits |= known == names![index] ? bit : 0;
            }

            if (bits == before && !Array.Exists(Flags, flag => flag.Name == names![index]))
            {
                throw SampanException.InvalidArgument($"invalid scheduler flag \"{names![index]}\": see sched_setattr(2)");
            }
        }

        return bits;
    }

    /// <summary>Class and level as ioprio_set(2) takes them.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no such class or level.</exception>
    public static int IoPriority(RuntimeIoPriority priority)
    {
        if (priority.Priority is < 0 or > 7)
        {
            throw SampanException.InvalidArgument($"invalid ioPriority.priority: {priority.Priority}: use 0 to 7");
        }

        var number = priority.Class switch
        {
            "IOPRIO_CLASS_RT" => 1,
            "IOPRIO_CLASS_BE" => 2,
            "IOPRIO_CLASS_IDLE" => 3,
            _ => throw SampanException.InvalidArgument(
                $"invalid ioPriority.class: \"{priority.Class}\": use IOPRIO_CLASS_RT, IOPRIO_CLASS_BE or IOPRIO_CLASS_IDLE"),
        };
        return (number << IoPriorityClassShift) | priority.Priority;
    }
}
