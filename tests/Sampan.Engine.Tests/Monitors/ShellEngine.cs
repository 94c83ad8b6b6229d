using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Tests.Storage;
using Sampan.Engine.Volumes;
using Sampan.Linux.Files;
using Sampan.Runtime.Launching;

namespace Sampan.Engine.Tests.Monitors;

/// <summary>An engine whose monitors are threads and whose containers are shells: everything but the kernel's part is real.</summary>
internal sealed class ShellEngine : IDisposable
{
    private readonly TemporaryState _state = new();
    private readonly List<Thread> _monitors = [];

    public ShellEngine() => Engine = new ContainerEngine(_state.Paths, StartMonitor, record => Leftovers.Add(record.Id));

    public ContainerEngine Engine { get; }

    public EnginePaths Paths => _state.Paths;

    public string Base => _state.Base;

    /// <summary>Ids of containers that were closed off.</summary>
    public List<string> Leftovers { get; } = [];

    /// <summary>The monitor dies before it says a word.</summary>
    public bool MonitorDies { get; set; }

    public Container Create(string script, Func<ContainerConfig, ContainerConfig>? config = null, HostConfig? host = null, string? name = null, bool run = false) =>
        Engine.Create(new ContainerCreateRequest
        {
            Name = name,
            StartFollows = run,
            Config = (config ?? (c => c))(new ContainerConfig { Cmd = ["/bin/sh", "-c", script] }),
            HostConfig = (host ?? new HostConfig()) with { Rootfs = "/" },
        });

    public void Dispose()
    {
        foreach (var container in Engine.Containers.List())
        {
            Engine.Remove(container, new RemoveOptions { Force = true });
        }

        foreach (var monitor in _monitors)
        {
            monitor.Join(TimeSpan.FromSeconds(20)).ShouldBeTrue("a monitor did not end");
        }

        _state.Dispose();
    }

    private LaunchingProcess? StartMonitor(string id, FileDescriptor socket)
    {
        if (MonitorDies)
        {
            return null;
        }

        var start = socket.Duplicate();
        var thread = new Thread(() => RunMonitor(id, start));
        _monitors.Add(thread);
        thread.Start();
        return null;
    }

    private void RunMonitor(string id, FileDescriptor start)
    {
        using var hold = StartingMonitor.AwaitLock(start);
        if (hold is null)
        {
            start.Dispose();
            return;
        }

        var containers = new ContainerStore(Paths);
        var own = containers.Find(id);
        var remover = new ContainerRemover(Paths, new ContainerNames(Paths), new VolumeStore(Paths, containers));
        using var monitor = new ContainerMonitor(own, new ShellRuntime(own), new ContainerLedger(own, remover, hold), start);
        monitor.Run();
    }
}
