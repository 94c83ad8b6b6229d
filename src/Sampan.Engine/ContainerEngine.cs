using Sampan.Engine.Containers;
using Sampan.Engine.Events;
using Sampan.Engine.Monitors;
using Sampan.Engine.Networks;
using Sampan.Engine.Users;
using Sampan.Engine.Volumes;
using Sampan.Images;
using Sampan.Linux.Files;
using Sampan.Runtime.Launching;

namespace Sampan.Engine;

/// <summary>
/// What docker calls an engine, as a library: every command works on the files and the monitors' sockets by itself. No lock is held while
/// waiting for a process, except a container's own, which means "its monitor lives".
/// </summary>
public sealed partial class ContainerEngine
{
    private readonly ContainerNames _names;
    private readonly IdMapAllocator _idMaps;
    private readonly ContainerRemover _remover;
    private readonly ContainerRecovery _recovery;
    private readonly Func<string, FileDescriptor, LaunchingProcess?> _launchMonitor;
    private ImageStore? _images;

    /// <summary>An engine over a state on disk; nothing is read or made yet.</summary>
    /// <param name="paths">Where.</param>
    public ContainerEngine(EnginePaths paths)
        : this(paths, new MonitorLauncher(paths).Launch, record => KernelRuntime.Clean(paths, record))
    {
    }

    /// <summary>The same with other processes.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="launchMonitor">Starts a monitor for a container's id with its end of the conversation, the caller's to close; null where it is no process.</param>
    /// <param name="leftovers">Kills what is left of a container whose monitor died.</param>
    internal ContainerEngine(EnginePaths paths, Func<string, FileDescriptor, LaunchingProcess?> launchMonitor, Action<ContainerRecord> leftovers)
    {
        Paths = paths;
        Containers = new ContainerStore(paths);
        Volumes = new VolumeStore(paths, Containers);
        Networks = new NetworkStore(paths);
        _names = new ContainerNames(paths);
        _idMaps = new IdMapAllocator(paths, Containers);
        _remover = new ContainerRemover(paths, _names, Volumes);
        _recovery = new ContainerRecovery(_remover, leftovers, launchMonitor);
        _launchMonitor = launchMonitor;
        Containers.Recovery = _recovery;
    }

    /// <summary>Told in a line of what a command's user is to know beside its answer: a container has lost its terminal, for instance. Null tells nobody.</summary>
    public Action<string>? Notice
    {
        get => _recovery.Notice;
        set => _recovery.Notice = value;
    }

    /// <summary>Where the state is.</summary>
    public EnginePaths Paths { get; }

    /// <summary>The containers.</summary>
    public ContainerStore Containers { get; }

    /// <summary>What happens, as it happens.</summary>
    public EventJournal Events => new(Paths);

    /// <summary>The volumes.</summary>
    public VolumeStore Volumes { get; }

    /// <summary>The networks.</summary>
    public NetworkStore Networks { get; }
}
