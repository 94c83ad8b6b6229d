using Sampan.Engine.Networks;
using Sampan.Linux.Files;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;

namespace Sampan.Engine.Monitors;

/// <summary>Starts the monitor of a container: this executable again, as "sampan monitor".</summary>
internal sealed class MonitorLauncher(EnginePaths paths)
{
    private const string Path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // Nothing of whoever happens to start the container, but where the host's configuration is.
    private static readonly string[] Environment =
        System.Environment.GetEnvironmentVariable(NetworkConfiguration.Variable) is { Length: > 0 } directory ? [Path, $"{NetworkConfiguration.Variable}={directory}"] : [Path];

    /// <param name="id">Full id of its container, which may yet have to be made.</param>
    /// <param name="socket">Becomes descriptor 3.</param>
    /// <returns>The monitor on its way.</returns>
    /// <exception cref="Linux.SampanException">It could not be started.</exception>
    public LaunchingProcess Launch(string id, FileDescriptor socket) => SelfLauncher.Start(Arguments(paths, id), Environment, [socket]);

    /// <summary>What <see cref="Launch"/> would do.</summary>
    /// <param name="id">Of the container.</param>
    public LaunchPlan Explain(string id) => SelfLauncher.Explain(Arguments(paths, id), Environment, descriptorCount: 1);

    /// <summary>A monitor's command line.</summary>
    /// <param name="paths">Where the state is.</param>
    /// <param name="id">Full id of its container.</param>
    public static string[] Arguments(EnginePaths paths, string id) => ["sampan", "monitor", "--root", paths.Root, "--state", paths.State, id];
}
