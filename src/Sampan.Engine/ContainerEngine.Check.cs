using Sampan.Engine.Storage;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Finds damaged records and what belongs to nobody.</summary>
    /// <param name="digests">Compares all blobs with their digests too, which reads all of them.</param>
    /// <returns>What was found; empty when all is well.</returns>
    /// <exception cref="Linux.LinuxException">A directory cannot be read.</exception>
    public IReadOnlyList<StateProblem> Check(bool digests = false) => new StateCheck(Paths, Images, Volumes, Networks, _recovery, digests).Run();
}
