using System.Runtime.InteropServices;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Seccomp;

/// <summary>
/// The filter of a container that asks for nothing: docker's default profile as our own table. Allowed is what programs use; refused what
/// only administers the host or has a record of holes. A capability brings back the calls it is for.
/// </summary>
public static class DefaultSeccompPolicy
{
    /// <summary>Part of every cache key. Raise it with every change of the table or of the compiler.</summary>
    public const int Version = 2;

    private const string Allow = "SCMP_ACT_ALLOW";
    private const string Refuse = "SCMP_ACT_ERRNO";
    private const string EqualTo = "SCMP_CMP_EQ";

    /// <summary>CLONE_NEWNS, UTS, IPC, USER, PID, NET and CGROUP (clone(2)).</summary>
    private const ulong NamespaceFlags = 0x7E02_0000;

    /// <summary>AF_ALG: the kernel's crypto sockets (CVE-2026-31431).</summary>
    private const ulong AlgorithmFamily = 38;

    /// <summary>AF_VSOCK: reaches the hypervisor and is not namespaced.</summary>
    private const ulong VirtualSocketFamily = 40;

    /// <summary>Calls that come with a capability.</summary>
    private static readonly (Capability Capability, string[] Names)[] ByCapability =
    [
        (Capability.DacReadSearch, ["open_by_handle_at"]),
        (Capability.SysAdmin,
        [
            "bpf", "clone", "clone3", "fanotify_init", "fsconfig", "fsmount", "fsopen", "fspick", "lookup_dcookie", "lsm_get_self_attr",
            "lsm_list_modules", "lsm_set_self_attr", "mount", "mount_setattr", "move_mount", "open_tree", "perf_event_open", "quotactl",
            "quotactl_fd", "setdomainname", "sethostname", "setns", "syslog", "umount", "umount2", "unshare",
        ]),
        (Capability.SysBoot, ["reboot"]),
        (Capability.SysChroot, ["chroot"]),
        (Capability.SysModule, ["delete_module", "init_module", "finit_module"]),
        (Capability.SysPacct, ["acct"]),
        (Capability.SysPtrace, ["kcmp", "pidfd_getfd", "process_madvise"]),
        (Capability.SysRawio, ["iopl", "ioperm"]),
        (Capability.SysTime, ["settimeofday", "stime", "clock_settime", "clock_settime64"]),
        (Capability.SysTtyConfig, ["vhangup"]),
        (Capability.SysNice, ["get_mempolicy", "mbind", "set_mempolicy", "set_mempolicy_home_node"]),
        (Capability.Syslog, ["syslog"]),
        (Capability.Bpf, ["bpf"]),
        (Capability.Perfmon, ["perf_event_open"]),
    ];

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Architectures of this machine as an OCI document names them.</summary>
    public static IReadOnlyList<string> Architectures =>
        IsArm ? ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"] : ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"];

    /// <summary>Builds the policy.</summary>
    /// <param name="capabilities">The container's bounding set.</param>
    /// <returns>The policy as an OCI document has it.</returns>
    public static RuntimeSeccomp For(CapabilitySet capabilities)
    {
        var rules = new List<RuntimeSyscall> { Always(AllowedSystemCalls.All) };

        // ptrace can change a call after the filter has seen it before Linux 4.8; Sampan needs 5.12 for mount_setattr anyway.
        rules.Add(Always(["process_vm_readv", "process_vm_writev", "ptrace"]));
        rules.Add(Always(IsArm
            ? ["arm_fadvise64_64", "arm_sync_file_range", "sync_file_range2", "breakpoint", "cacheflush", "set_tls"]
            : ["arch_prctl", "modify_ldt"]));

        // Every family but the two: comparisons of one rule are joined by "and", so "not 38, not 40" takes three rules.
        rules.Add(When("socket", 0, "SCMP_CMP_LT", AlgorithmFamily));
        rules.Add(When("socket", 0, EqualTo, AlgorithmFamily + 1));
        rules.Add(When("socket", 0, "SCMP_CMP_GT", VirtualSocketFamily));

        // PER_LINUX, PER_LINUX32, UNAME26, both, and the question "which am I".
        foreach (var personality in (ReadOnlySpan<ulong>)[0, 8, 0x2_0000, 0x2_0008, 0xFFFF_FFFF])
        {
            rules.Add(When("personality", 0, EqualTo, personality));
        }

        foreach (var (capability, names) in ByCapability)
        {
            if (capabilities.Contains(capability))
            {
                rules.Add(Always(names));
            }
        }

        if (!capabilities.Contains(Capability.SysAdmin))
        {
            // A filter cannot see the flags of clone3, which are in memory: ENOSYS makes the C library fall back on clone.
            rules.Add(When("clone", 0, "SCMP_CMP_MASKED_EQ", NamespaceFlags));
            rules.Add(new() { Names = ["clone3"], Action = Refuse, ErrnoRet = (uint)Errno.ENOSYS });
        }

        return new()
        {
            DefaultAction = Refuse,
            DefaultErrnoRet = (uint)Errno.EPERM,
            Architectures = Architectures,
            Syscalls = rules,
        };
    }

    private static RuntimeSyscall Always(IReadOnlyList<string> names) => new() { Names = names, Action = Allow };

    private static RuntimeSyscall When(string name, uint argument, string comparison, ulong value) =>
        new() { Names = [name], Action = Allow, Args = [new() { Index = argument, Op = comparison, Value = value }] };
}
