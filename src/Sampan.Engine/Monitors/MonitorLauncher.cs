using Sampan.Engine.Containers;
using Sampan.Linux.Files;
using Sampan.Runtime.Launching;

namespace Sampan.Engine.Monitors;

/// <summary>Starts the monitor of a container: this executable again, as "sampan monitor".</summary>
internal sealed class MonitorLauncher(EnginePaths paths)
{
    /// <param name="container">Whose.</param>
    /// <param name="socket">Becomes descriptor 3.</param>
    /// <param name="hold">Becomes descriptor 4.</param>
    /// <exception cref="Linux.SampanException">It could not be started.</exception>
    public void Launch(Container container, FileDescriptor socket, FileDescriptor hold)
    {
        using var process = SelfLauncher.Launch(
            ["sampan", "monitor", "--root", paths.Root, "--state", paths.State, container.Id],
            ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            [socket, hold]);
    }
}
