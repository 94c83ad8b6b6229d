using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Cgroups;

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
    /// <exception cref="SampanException">All is as it was.</exception>
    public void Change(ContainerRecord after, UpdateRequest change, Action record);

    /// <summary>Notice of its running out of memory; null where there is none to be had.</summary>
    public OomWatch? WatchOom();

    /// <summary>The container's process is gone: kills whatever is left of it and removes the cgroup.</summary>
    /// <returns>Whether the kernel killed any of it for want of memory.</returns>
    public bool Finish();
}
