using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>What clone3(2) is asked for.</summary>
/// <param name="Flags">CLONE_ bits.</param>
/// <param name="Cgroup">Register of the cgroup v2 directory for CLONE_INTO_CGROUP.</param>
internal sealed record CloneArguments(ulong Flags, PlanRegister? Cgroup)
{
    public const ulong PidFd = 0x1000;

    /// <summary>CLONE_PARENT: the child's parent is the caller's.</summary>
    public const ulong Sibling = 0x8000;
    public const ulong ClearSigHand = 0x1_0000_0000;
    public const ulong IntoCgroup = 0x2_0000_0000;
}
