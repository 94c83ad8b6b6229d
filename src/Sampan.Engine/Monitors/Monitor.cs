using Sampan.Engine.Containers;
using Sampan.Engine.Volumes;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Monitors;

/// <summary>The process between a container and the world: one per container, one thread, from start to exit.</summary>
public static unsafe class Monitor
{
    private const int CloseOnExec = 1;
    private const int SetDescriptorFlags = 2;

    /// <summary>Runs a monitor to its end. The process must be single-threaded, in a session of its own, and do nothing else.</summary>
    /// <param name="paths">Where the state is.</param>
    /// <param name="id">Full id of the container.</param>
    /// <param name="startDescriptor">The socket of the command that starts it, which sends the container's lock over it.</param>
    /// <returns>Exit code of the monitor: 0 when it did its duty, whatever the container's own.</returns>
    /// <exception cref="SampanException">NotFound: there is no such container.</exception>
    public static int Run(EnginePaths paths, string id, int startDescriptor)
    {
        IgnoreSignals();
        _ = Kernel.Call(SystemCall.Umask, 0x12);
        using var start = Inherited(startDescriptor);
        using var hold = StartingMonitor.AwaitLock(start);
        if (hold is null)
        {
            return 0;
        }

        var containers = new ContainerStore(paths);
        var container = containers.TryRead(id) ?? throw SampanException.NotFound($"No such container: {id}");
        var remover = new ContainerRemover(paths, new ContainerNames(paths), new VolumeStore(paths, containers));
        using var runtime = new KernelRuntime(container, paths);
        using var monitor = new ContainerMonitor(container, runtime, new ContainerLedger(container, remover, hold), start);
        monitor.Run();
        return 0;
    }

    /// <summary>
    /// A monitor ends with its container and not before: the signals that end sessions and shut down terminals are nothing to it. What it
    /// starts gets every disposition reset (<see cref="Runtime.Launching"/>).
    /// </summary>
    private static void IgnoreSignals()
    {
        // struct kernel_sigaction with SIG_IGN (1) as its handler (rt_sigaction(2)).
        var action = stackalloc long[4] { 1, 0, 0, 0 };
        ReadOnlySpan<int> signals = [1, 2, 3, 13, 15];
        foreach (var signal in signals)
        {
            Kernel.Check(Kernel.Call(SystemCall.RtSigaction, signal, (nint)action, 0, 8), "ignore signal");
        }
    }

    private static FileDescriptor Inherited(int number)
    {
        // It came through an exec: from here on it is this process's alone.
        Kernel.Check(Kernel.Call(SystemCall.Fcntl, number, SetDescriptorFlags, CloseOnExec), "take over", "an inherited descriptor");
        return new FileDescriptor(number);
    }
}
