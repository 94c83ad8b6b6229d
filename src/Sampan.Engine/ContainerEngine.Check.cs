using Sampan.Engine.Storage;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Finds damaged records and what belongs to nobody.</summary>
    /// <returns>What was found; empty when all is well.</returns>
    /// <exception cref="Linux.LinuxException">A directory cannot be read.</exception>
    public IReadOnlyList<StateProblem> Check() => new StateCheck(Paths, Images, Volumes, _recovery).Run();
}
