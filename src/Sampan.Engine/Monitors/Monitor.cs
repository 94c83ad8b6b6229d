namespace Sampan.Engine.Monitors;

/// <summary>The process between a container and the world: one per container, one thread, from start to exit.</summary>
public static class Monitor
{
    /// <summary>Runs a monitor to its end. The process must be single-threaded, in a session of its own, and do nothing else.</summary>
    /// <param name="paths">Where the state is.</param>
    /// <param name="id">Full id of the container.</param>
    /// <param name="startDescriptor">The socket of the command that starts it.</param>
    /// <param name="lockDescriptor">The container's lock, taken by that command.</param>
    /// <returns>Exit code of the monitor: 0 when it did its duty, whatever the container's own.</returns>
    public static int Run(EnginePaths paths, string id, int startDescriptor, int lockDescriptor) => throw new NotSupportedException(id + paths + startDescriptor + lockDescriptor);
}
