using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Statistics;

/// <summary>The processes of a container, those that exec started too, as its control group knows them.</summary>
public static class ContainerProcesses
{
    /// <summary>Reads them.</summary>
    /// <param name="container">Of which container.</param>
    /// <returns>The processes in the order of their pids; those that ended meanwhile are left out.</returns>
    /// <exception cref="SampanException">Conflict: it does not run.</exception>
    public static IReadOnlyList<ProcessDetails> Of(Container container)
    {
        if (!container.State.Running)
        {
            throw SampanException.Conflict($"container {container.Id} is not running");
        }

        var processes = new List<ProcessDetails>();
        foreach (var pid in CgroupHierarchy.Detect().Open(RuntimeSpecBuilder.CgroupPath(container.HostConfig, container.Id)).Pids())
        {
            if (ProcessDetails.TryRead(pid) is { } process)
            {
                processes.Add(process);
            }
        }

        processes.Sort(static (left, right) => left.Pid.CompareTo(right.Pid));
        return processes;
    }
}
