using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Removes containers that do not run. One whose record is damaged stays: somebody may want to restore it.</summary>
    /// <param name="wanted">Which of them.</param>
    /// <param name="removed">Told of each that was removed.</param>
    /// <returns>Bytes they had written.</returns>
    public long PruneContainers(Func<Container, bool> wanted, Action<Container> removed)
    {
        long reclaimed = 0;
        foreach (var container in Containers.List())
        {
            if (container.IsDamaged || container.State.Running || !wanted(container))
            {
                continue;
            }

            try
            {
                var size = TreeSize.Of(container.UpperDirectory);
                Remove(container, new());
                reclaimed += size;
                removed(container);
            }
            catch (SampanException problem) when (problem.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
            {
                // Started, or removed by another, since it was looked at.
                continue;
            }
        }

        Events.Write("container", "prune", "", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["reclaimed"] = reclaimed.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        return reclaimed;
    }
}
