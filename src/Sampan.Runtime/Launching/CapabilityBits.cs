using System.Text;
using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>The five capability sets as bit masks (capabilities(7)).</summary>
internal readonly record struct CapabilityBits(ulong Bounding, ulong Effective, ulong Permitted, ulong Inheritable, ulong Ambient)
{
    /// <summary>Names by number (linux/capability.h).</summary>
    private static readonly string[] Names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
        "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
        "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
        "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an unknown name.</exception>
    public static CapabilityBits From(RuntimeCapabilities? sets) => new(
        Bits(sets?.Bounding), Bits(sets?.Effective), Bits(sets?.Permitted), Bits(sets?.Inheritable), Bits(sets?.Ambient));

    public static string Describe(ulong bits)
    {
        if (bits == 0)
        {
            return "none";
        }

        var text = new StringBuilder();
        for (var i = 0; i < Names.Length; i++)
        {
            if ((bits & (1UL << i)) != 0)
            {
                text.Append(text.Length == 0 ? "" : " ").Append(Names[i].AsSpan("CAP_".Length));
            }
        }

        return text.ToString();
    }

    private static ulong Bits(IReadOnlyList<string>? names)
    {
        var bits = 0UL;
        foreach (var name in names ?? [])
        {
            var number = Array.IndexOf(Names, name);
            bits |= number >= 0 ? 1UL << number : throw SampanException.InvalidArgument($"unknown capability \"{name}\": see capabilities(7)");
        }

        return bits;
    }
}
