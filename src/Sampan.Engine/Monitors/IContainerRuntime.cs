using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Events;
using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>What a monitor asks of the kernel for its container; a double of it lets the monitor be tested without one.</summary>
internal interface IContainerRuntime
{
    /// <summary>Time of each step of the start, when it was asked for.</summary>
    public string? Trace { get; }

    /// <summary>Whether the kernel killed any of it for want of memory; known once <see cref="Finish"/> was called, also when that failed.</summary>
    public bool OutOfMemory { get; }

    /// <summary>Makes the cgroup and the process.</summary>
    /// <exception cref="SampanException">In words for the user: CommandNotFound, CommandNotExecutable and others.</exception>
    public StartedProcess Start(StartRequest request);

    /// <summary>Takes over from a monitor that has died.</summary>
    /// <param name="state">What that one recorded, in this boot.</param>
    /// <returns>The container's process with what is left of its streams; null when it is gone, or the container is between two lives.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public StartedProcess? Adopt(ContainerState state);

    /// <summary>Makes a further process in the container.</summary>
    /// <inheritdoc cref="Start"/>
    public StartedProcess Execute(ExecRequest request);

    /// <summary>Stops all its processes where they are.</summary>
    /// <exception cref="SampanException">Unavailable: there is no freezer, or it does not finish.</exception>
    public void Freeze();

    /// <summary>Lets them go on.</summary>
    public void Thaw();

    /// <summary>Sets the limits of what runs.</summary>
    /// <param name="host">All it is to have; what changed is not told.</param>
    /// <exception cref="SampanException">The host lacks a controller, or the kernel refuses a value; then all is as it was.</exception>
    public void Limit(HostConfig host);

    /// <summary>Gives what runs mounts and devices and takes others away, all or nothing.</summary>
    /// <param name="after">The container as it is to be.</param>
    /// <param name="change">What was asked for.</param>
    /// <param name="record">Called when all is done and can still be taken back; what it throws takes it back.</param>
    /// <param name="mark">
    /// A file that gets its mark (<see cref="PendingChange"/>) as soon as nothing can be taken back any more, also where this process is killed.
    /// </param>
    /// <exception cref="SampanException">All is as it was.</exception>
    public void Change(ContainerRecord after, UpdateRequest change, Action record, FileDescriptor mark);

    /// <summary>Opens and closes ports of the host for what runs, all or nothing.</summary>
    /// <param name="host">All it is to have.</param>
    /// <param name="isRemoved">Which were named to be closed: where equal ones were asked for, those go.</param>
    /// <param name="record">Called when all is done and can still be taken back; what it throws takes it back.</param>
    /// <exception cref="SampanException">All is as it was.</exception>
    public void Publish(HostConfig host, Predicate<OpenPort> isRemoved, Action record);

    /// <summary>Allows what runs its devices, and no others.</summary>
    /// <param name="host">Which it is to have.</param>
    /// <exception cref="SampanException">The kernel refuses.</exception>
    public void AllowDevices(HostConfig host);

    /// <summary>The networks it is on, those that are none of ours too: host and none.</summary>
    public IReadOnlyList<NetworkRecord> Networks { get; }

    /// <summary>Connects what runs to one more network, all or nothing.</summary>
    /// <param name="settings">How.</param>
    /// <param name="record">Called when all is done and can still be taken back; what it throws takes it back.</param>
    /// <returns>The network.</returns>
    /// <exception cref="SampanException">All is as it was.</exception>
    /// <exception cref="LinuxException">All is as it was.</exception>
    public NetworkRecord ConnectNetwork(EndpointSettings settings, Action record);

    /// <summary>Takes what runs off a network.</summary>
    /// <param name="network">Its name.</param>
    /// <param name="record">Called first.</param>
    /// <param name="restore">Called where nothing could be done.</param>
    /// <returns>The network; null where the container was not on it yet.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public NetworkRecord? DisconnectNetwork(string network, Action record, Action restore);

    /// <summary>The container has another name, which its networks are to know.</summary>
    public void Rename();

    /// <summary>Notice of its running out of memory; null where there is none to be had.</summary>
    public OomWatch? WatchOom();

    /// <summary>Begins to answer what the container asks its host while it runs, names, and to carry what comes to its ports.</summary>
    /// <param name="loop">Who tells of events, until <see cref="Finish"/>.</param>
    /// <exception cref="LinuxException">No memory, or no descriptor, is to be had.</exception>
    public void Serve(EventLoop loop);

    /// <summary>Gives memory of the last burst back.</summary>
    public void Trim();

    /// <summary>The container's process is gone: kills whatever is left of it and removes the cgroup.</summary>
    /// <returns>Whether the kernel killed any of it for want of memory.</returns>
    public bool Finish();
}
