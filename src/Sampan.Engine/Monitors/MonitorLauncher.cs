using Sampan.Engine.Containers;
using Sampan.Linux.Files;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;

namespace Sampan.Engine.Monitors;

/// <summary>Starts the monitor of a container: this executable again, as "sampan monitor".</summary>
internal sealed class MonitorLauncher(EnginePaths paths)
{
    private static readonly string[] Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];

    /// <param name="container">Whose.</param>
    /// <param name="socket">Becomes descriptor 3.</param>
    /// <param name="hold">Becomes descriptor 4.</param>
    /// <exception cref="Linux.SampanException">It could not be started.</exception>
    public void Launch(Container container, FileDescriptor socket, FileDescriptor hold)
    {
        using var process = SelfLauncher.Launch(Arguments(container.Id), Environment, [socket, hold]);
    }

    /// <summary>What <see cref="Launch"/> would do.</summary>
    /// <param name="id">Of the container.</param>
    public LaunchPlan Explain(string id) => SelfLauncher.Explain(Arguments(id), Environment, descriptorCount: 2);

    private string[] Arguments(string id) => ["sampan", "monitor", "--root", paths.Root, "--state", paths.State, id];
}
