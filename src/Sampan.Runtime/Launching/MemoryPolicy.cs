using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>linux.memoryPolicy as set_mempolicy(2) takes it.</summary>
/// <param name="Mode">MPOL_ mode and flags.</param>
/// <param name="Nodes">Node mask; null without nodes.</param>
public sealed record MemoryPolicy(int Mode, ulong[]? Nodes)
{
    private static readonly (string Name, int Number)[] Modes =
    [
        ("MPOL_DEFAULT", 0), ("MPOL_PREFERRED", 1), ("MPOL_BIND", 2), ("MPOL_INTERLEAVE", 3), ("MPOL_LOCAL", 4), ("MPOL_PREFERRED_MANY", 5),
        ("MPOL_WEIGHTED_INTERLEAVE", 6),
    ];

    private static readonly (string Name, int Bit)[] Flags =
    [
        ("MPOL_F_STATIC_NODES", 1 << 15), ("MPOL_F_RELATIVE_NODES", 1 << 14), ("MPOL_F_NUMA_BALANCING", 1 << 13),
    ];

    /// <summary>The modes that are known, as the specification spells them.</summary>
    public static IEnumerable<string> ModeNames => Modes.Select(mode => mode.Name);

    /// <summary>The flags of a mode that are known.</summary>
    public static IEnumerable<string> FlagNames => Flags.Select(flag => flag.Name);

    /// <summary>Reads one.</summary>
    /// <param name="policy">linux.memoryPolicy.</param>
    /// <returns>What to call with.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an unknown name, or nodes missing or not to be had.</exception>
    public static MemoryPolicy From(RuntimeMemoryPolicy policy)
    {
        var mode = Find(Modes, policy.Mode, "mode");
        for (var index = 0; index < (policy.Flags?.Count ?? 0); index++)
        {
            mode |= Find(Flags, policy.Flags![index], "flag");
        }

        var hasNodes = !string.IsNullOrEmpty(policy.Nodes);
        if (policy.Mode is "MPOL_DEFAULT" or "MPOL_LOCAL" && hasNodes)
        {
            throw SampanException.InvalidArgument($"memory policy {policy.Mode} takes no nodes: leave \"{policy.Nodes}\" out");
        }

        if (policy.Mode is "MPOL_BIND" or "MPOL_INTERLEAVE" or "MPOL_PREFERRED_MANY" or "MPOL_WEIGHTED_INTERLEAVE" && !hasNodes)
        {
            throw SampanException.InvalidArgument($"memory policy {policy.Mode} needs nodes, such as \"0\"");
        }

        return new(mode, hasNodes ? CpuList.Parse(policy.Nodes!, "memory policy nodes") : null);
    }

    private static int Find((string Name, int Number)[] table, string name, string what)
    {
        foreach (var (known, number) in table)
        {
            if (known == name)
            {
                return number;
            }
        }

        throw SampanException.InvalidArgument($"invalid memory policy {what} \"{name}\": see set_mempolicy(2)");
    }
}
