using Sampan.Linux.Capabilities;
using Sampan.Linux.Cgroups;

namespace Sampan.Engine.Specs;

/// <summary>What a specification depends on besides what the user says.</summary>
public sealed record HostFacts
{
    /// <summary>The most capabilities a container can have.</summary>
    public required CapabilitySet Bounding { get; init; }

    /// <summary>Whether memory and swap can be limited together.</summary>
    public required bool HasSwapLimit { get; init; }

    /// <summary>CPUs that are online, as a list; read when it is first asked for, since few containers need it.</summary>
    public string Cpus
    {
        get => field ??= CpuList.OnlineCpus();
        init;
    }

    /// <summary>Memory nodes that are online, as a list; read when it is first asked for.</summary>
    public string MemoryNodes
    {
        get => field ??= CpuList.OnlineNodes();
        init;
    }

    /// <summary>Looks at this host.</summary>
    /// <param name="cgroups">Its control groups.</param>
    /// <returns>The facts.</returns>
    public static HostFacts Read(CgroupHierarchy cgroups) => new()
    {
        Bounding = CapabilitySet.Bounding(),
        HasSwapLimit = cgroups.HasSwapLimit,
    };
}
