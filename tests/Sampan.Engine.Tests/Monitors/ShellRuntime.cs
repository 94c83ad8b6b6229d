using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Networks;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Tests.Monitors;

/// <summary>Containers that are shells on the host.</summary>
internal sealed class ShellRuntime(Container container) : IContainerRuntime
{
    public string? Trace { get; private set; }

    public bool OutOfMemory => false;

    public int Finished { get; private set; }

    public StartedProcess Start(StartRequest request)
    {
        Trace = request.Trace ? "1 us in all\n" : null;
        return container.Path == "missing"
            ? throw new SampanException(ErrorKind.CommandNotFound, "exec: \"missing\": executable file not found in $PATH")
            : SpawnedProcess.Shell(container.Args[1], container.Config.OpenStdin, container.Config.Tty);
    }

    public StartedProcess? Adopt(ContainerState state)
    {
        File.AppendAllText(container.Directory + "/adopted", "x");
        if (state.Restarting || ForeignProcess.TryOpen(state.Pid, state.PidStartTime) is not { } process)
        {
            return null;
        }

        return new StartedProcess(state.Pid, process)
        {
            AdoptedStartTime = state.PidStartTime,
            Stdout = PipeEnd.TryOpen(state.Pid, state.StdoutPipe, OpenFlags.ReadOnly),
            Stderr = PipeEnd.TryOpen(state.Pid, state.StderrPipe, OpenFlags.ReadOnly),
        };
    }

    public StartedProcess Execute(ExecRequest request) => request.Cmd[0] == "missing"
        ? throw new SampanException(ErrorKind.CommandNotFound, "exec: \"missing\": executable file not found in $PATH")
        : SpawnedProcess.Shell(request.Cmd[2], request.Stdin, request.Tty);

    public void Freeze() => File.WriteAllText(container.Directory + "/frozen", "");

    public void Thaw() => File.Delete(container.Directory + "/frozen");

    public void Limit(HostConfig host) => File.WriteAllText(container.Directory + "/limited", $"{host.Memory}");

    public void Change(ContainerRecord after, UpdateRequest change, Action record, FileDescriptor mark)
    {
        File.WriteAllText(container.Directory + "/changed", string.Join(' ', after.Mounts.Select(mount => mount.Destination)));
        record();
        PendingChange.Finish(mark);
    }

    public void AllowDevices(HostConfig host) => File.WriteAllText(container.Directory + "/allowed", $"{host.Devices?.Count ?? 0}");

    public IReadOnlyList<NetworkRecord> Networks => [];

    public NetworkRecord ConnectNetwork(EndpointSettings settings, Action record)
    {
        record();
        return new() { Name = settings.Network };
    }

    public NetworkRecord? DisconnectNetwork(string network, Action record, Action restore)
    {
        record();
        return null;
    }

    public void Rename() => File.WriteAllText(container.Directory + "/renamed-network", container.Name);

    public void Publish(HostConfig host, Predicate<OpenPort> isRemoved, Action record)
    {
        File.WriteAllText(container.Directory + "/published", string.Join(' ', host.PortBindings?.Keys ?? []));
        record();
    }

    public OomWatch? WatchOom() => null;

    public void Serve(EventLoop loop)
    {
        // Nobody asks it for names.
    }

    public void Trim()
    {
        // Nothing is kept.
    }

    public bool Finish()
    {
        Finished++;
        return false;
    }
}
