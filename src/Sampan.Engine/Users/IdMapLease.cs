using Sampan.Engine.Containers;
using Sampan.Linux.Files;

namespace Sampan.Engine.Users;

/// <summary>The ids of a container that is being made. Until it is disposed nobody else takes any, so that its record can be written meanwhile.</summary>
internal sealed class IdMapLease(HostConfig host, FileLock? hold) : IDisposable
{
    /// <summary>What the host gives, with the ids.</summary>
    public HostConfig Host => host;

    public void Dispose() => hold?.Dispose();
}
