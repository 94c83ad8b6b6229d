namespace Sampan.Linux.Capabilities;

/// <summary>Names of the capabilities as the kernel's header and OCI documents spell them.</summary>
public static class CapabilityNames
{
    // Indexed by number: a lookup must not cost reflection or a dictionary on the run path.
    private static readonly string[] Table =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>How many capabilities have names here: 41, CAP_CHECKPOINT_RESTORE being the last.</summary>
    public static int Count => Table.Length;

    /// <summary>The name with its prefix, such as CAP_NET_ADMIN.</summary>
    /// <param name="capability">A capability.</param>
    /// <returns>The name.</returns>
    public static string Name(this Capability capability) => Table[(int)capability];

    /// <summary>Finds a capability by name, with or without "CAP_", in any case.</summary>
    /// <param name="name">Such as NET_ADMIN or cap_net_admin. "ALL" is not a capability: see <see cref="CapabilitySet"/>.</param>
    /// <param name="capability">The capability, when found.</param>
    /// <returns>Whether the name is known.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out Capability capability)
    {
        var bare = name.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? name[4..] : name;
        for (var number = 0; number < Table.Length; number++)
        {
            if (bare.Equals(Table[number].AsSpan(4), StringComparison.OrdinalIgnoreCase))
            {
                capability = (Capability)number;
                return true;
            }
        }

        capability = default;
        return false;
    }

    /// <summary>Finds a capability by name.</summary>
    /// <param name="name">As for <see cref="TryParse"/>.</param>
    /// <returns>The capability.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no such capability.</exception>
    public static Capability Parse(string name) =>
        TryParse(name, out var capability) ? capability : throw Unknown("capability", name);

    /// <summary>There is no such capability.</summary>
    /// <param name="field">What it was given for: docker names the field of its configuration.</param>
    /// <param name="name">As given.</param>
    /// <returns>The exception to throw.</returns>
    internal static SampanException Unknown(string field, string name)
    {
        var full = name.ToUpperInvariant();
        return SampanException.InvalidArgument(
            $"invalid {field}: unknown capability: \"{(full.StartsWith("CAP_", StringComparison.Ordinal) ? full : "CAP_" + full)}\" (see capabilities(7))");
    }
}
