using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Volumes;
using Sampan.Linux;

namespace Sampan.Engine;

/// <summary>
/// What docker calls an engine, as a library: every command works on the files and the monitors' sockets by itself. No lock is held while
/// waiting for a process, except a container's own, which means "its monitor lives".
/// </summary>
public sealed partial class ContainerEngine
{
    private readonly ContainerNames _names;

    /// <summary>An engine over a state on disk; nothing is read or made yet.</summary>
    /// <param name="paths">Where.</param>
    public ContainerEngine(EnginePaths paths)
    {
        Paths = paths;
        _names = new ContainerNames(paths);
        Containers = new ContainerStore(paths);
        Volumes = new VolumeStore(paths, Containers);
    }

    /// <summary>Where the state is.</summary>
    public EnginePaths Paths { get; }

    /// <summary>The containers.</summary>
    public ContainerStore Containers { get; }

    /// <summary>The volumes.</summary>
    public VolumeStore Volumes { get; }

    /// <summary>Starts a container and returns once its command runs.</summary>
    /// <param name="container">Which.</param>
    /// <param name="options">How the caller watches it.</param>
    /// <returns>The connection to its monitor; disposing it detaches.</returns>
    /// <exception cref="SampanException">Conflict: it runs already. CommandNotFound, CommandNotExecutable and others: the start failed, in words for the user.</exception>
    public MonitorConnection Start(Container container, StartOptions options) => throw new NotSupportedException();

    /// <summary>Attaches to a running container.</summary>
    /// <param name="container">Which.</param>
    /// <param name="request">Which streams.</param>
    /// <returns>The connection; its last frame is <see cref="FrameType.Exited"/>. Disposing it detaches.</returns>
    /// <exception cref="SampanException">Conflict: it does not run.</exception>
    public MonitorConnection Attach(Container container, AttachRequest request) => throw new NotSupportedException();

    /// <summary>Runs a further process in a running container and returns once it runs.</summary>
    /// <param name="container">Which.</param>
    /// <param name="request">What to run.</param>
    /// <returns>The connection; its last frame is <see cref="FrameType.Exited"/>. Disposing it detaches; the process runs on.</returns>
    /// <exception cref="SampanException">Conflict: it does not run. CommandNotFound, CommandNotExecutable and others: the start failed.</exception>
    public MonitorConnection Exec(Container container, ExecRequest request) => throw new NotSupportedException();

    /// <summary>Waits for the end of a container; one that does not run has ended.</summary>
    /// <param name="container">Which.</param>
    /// <returns>Its exit code.</returns>
    public int Wait(Container container) => throw new NotSupportedException();

    /// <summary>Sends a signal to a container's command.</summary>
    /// <param name="container">Which.</param>
    /// <param name="signal">Number of the signal.</param>
    /// <exception cref="SampanException">Conflict: it does not run.</exception>
    public void Signal(Container container, int signal) => throw new NotSupportedException();

    /// <summary>Stops a container: its stop signal, then SIGKILL. Returns when it has ended; one that does not run is no error.</summary>
    /// <param name="container">Which.</param>
    /// <param name="signal">Another signal than the container's own; null is its own.</param>
    /// <param name="timeoutSeconds">Another time than the container's own; -1 waits without end, null is its own.</param>
    public void Stop(Container container, int? signal = null, int? timeoutSeconds = null) => throw new NotSupportedException();

    /// <summary>Removes a container.</summary>
    /// <param name="container">Which.</param>
    /// <param name="options">How.</param>
    /// <exception cref="SampanException">Conflict: it runs and force was not asked for.</exception>
    public void Remove(Container container, RemoveOptions options) => throw new NotSupportedException();

    /// <summary>Makes an image of what a container has written.</summary>
    /// <param name="container">Which.</param>
    /// <param name="request">How.</param>
    /// <returns>The image's id, sha256:…</returns>
    public string Commit(Container container, ContainerCommitRequest request) => throw new NotSupportedException();

    /// <summary>Every kernel operation a start would make, in order, in words; nothing is made and nothing runs.</summary>
    /// <param name="request">What is asked for.</param>
    /// <returns>Lines of text.</returns>
    public string Explain(ContainerCreateRequest request) => throw new NotSupportedException();
}
