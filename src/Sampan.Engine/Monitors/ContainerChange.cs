using Sampan.Engine.Containers;
using Sampan.Engine.Devices;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Resources;

namespace Sampan.Engine.Monitors;

/// <summary>
/// Mounts and devices of a container that runs: what is to be taken and added, the process that does it, and the rules of its control
/// group. First the kernel, then the record, then leave for it to stay, which the process that did it marks (<see cref="PendingChange"/>): whoever is
/// killed in between, record and kernel agree as soon as another monitor has taken over.
/// </summary>
/// <param name="container">The container before the change.</param>
/// <param name="paths">Where the state is.</param>
/// <param name="cgroup">Its control group.</param>
/// <param name="spec">What it was started from.</param>
/// <param name="init">pidfd of its first process.</param>
internal sealed class ContainerChange(Container container, EnginePaths paths, Cgroup cgroup, RuntimeSpec spec, FileDescriptor init)
{
    /// <summary>Makes the change.</summary>
    /// <param name="after">The container as it is to be.</param>
    /// <param name="change">What was asked for.</param>
    /// <param name="record">Called when all is done and can still be taken back; what it throws takes it back.</param>
    /// <param name="mark">What is marked when it stays.</param>
    /// <exception cref="SampanException">Nothing has changed.</exception>
    public void Make(ContainerRecord after, UpdateRequest change, Action record, FileDescriptor mark)
    {
        var added = MountUpdate.Added(change);
        foreach (var target in added)
        {
            MountUpdate.RequireFree(after, target, added);
        }

        using var planner = new ContainerPlanner(new Container(paths, OnlyAdded(after, change)), paths, CgroupHierarchy.Detect());
        var (mounts, devices) = planner.BuildFiles();
        var removed = Removed(change);
        using var live = LiveChange.Prepare(
            new LiveChangeRequest
            {
                Id = container.Id,
                Spec = spec with { Mounts = Added(mounts, change), Linux = spec.Linux! with { Devices = devices } },
                InitPidFd = init,
                RemovedMounts = [.. MountUpdate.Removed(change), .. MountsOf(Lost(change))],
                RemovedDevices = DeviceSpecs.Of(new HostConfig { Devices = removed }).Devices,
                Lazily = change.Lazy,
                Mark = mark,
            },
            (path, found) => MountUpdate.RequireOwn(container.Record, path, found));
        Record(after, change, record);
        live.Commit();
    }

    private static ContainerRecord OnlyAdded(ContainerRecord after, UpdateRequest change)
    {
        var targets = MountUpdate.Added(change);
        List<MountPoint> mounts = [.. after.Mounts];
        mounts.RemoveAll(mount => !targets.Contains(mount.Destination));
        return after with
        {
            Mounts = mounts,
            HostConfig = after.HostConfig with
            {
                Binds = null,
                Mounts = change.MountAdd,
                Tmpfs = null,
                Devices = change.DeviceAdd,
                DeviceRequests = change.DeviceNames is { Count: > 0 } names ? [new DeviceRequest { DeviceIDs = names }] : null,
            },
        };
    }

    private static List<RuntimeMount> Added(IReadOnlyList<RuntimeMount> mounts, UpdateRequest change)
    {
        var edits = Edits(change.DeviceNames);
        foreach (var edit in edits)
        {
            if (edit.Env is { Count: > 0 } || edit.Hooks is { Count: > 0 })
            {
                throw SampanException.Conflict(
                    "the device changes the environment of the container's process, which runs: stop the container, update it, and start it again");
            }
        }

        HashSet<string> targets = [.. MountUpdate.Added(change), .. MountsOf(edits)];
        List<RuntimeMount> added = [.. mounts];
        added.RemoveAll(mount => !targets.Contains(mount.Destination));
        return added;
    }

    private static IReadOnlyList<CdiEdits> Edits(IReadOnlyList<string>? names) => names is { Count: > 0 } ? CdiRegistry.OfHost.Resolve(names) : [];

    private static IEnumerable<string> MountsOf(IReadOnlyList<CdiEdits> edits)
    {
        foreach (var edit in edits)
        {
            foreach (var mount in edit.Mounts ?? [])
            {
                yield return mount.ContainerPath;
            }
        }
    }

    private static IReadOnlyList<CdiEdits> Lost(UpdateRequest change)
    {
        List<string> names = [.. change.DeviceRemove ?? []];
        names.RemoveAll(static name => name.StartsWith('/'));
        return Edits(names);
    }

    // A device that the host has no more has no number to know its node by; the rules of the group refuse it all the same.
    private List<DeviceMapping> Removed(UpdateRequest change)
    {
        List<DeviceMapping> removed = [.. container.HostConfig.Devices ?? []];
        removed.RemoveAll(device => change.DeviceRemove?.Contains(device.PathInContainer) != true);
        foreach (var edit in Lost(change))
        {
            foreach (var node in edit.DeviceNodes ?? [])
            {
                removed.Add(new DeviceMapping { PathOnHost = node.HostPath ?? node.Path, PathInContainer = node.Path });
            }
        }

        removed.RemoveAll(static device => FileDescriptor.TryStatus(device.PathOnHost) is null);
        return removed;
    }

    private void Record(ContainerRecord after, UpdateRequest change, Action record)
    {
        if (change is { DeviceAdd: null, DeviceNames: null, DeviceRemove: null } || container.HostConfig.Privileged)
        {
            record();
            return;
        }

        var former = Rules(container.HostConfig);
        cgroup.Apply(Rules(after.HostConfig));
        try
        {
            record();
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            cgroup.Apply(former);
            throw;
        }
    }

    /// <summary>The rules of a container's group for its devices.</summary>
    /// <param name="host">What it is to have; what the host has no more is left out.</param>
    /// <exception cref="SampanException">A CDI name stands for nothing now.</exception>
    public static CgroupLimits Rules(HostConfig host)
    {
        if (host.DeviceRequests is not null)
        {
            (_, host) = CdiInjection.Apply(new ContainerConfig(), host, CdiRegistry.OfHost.Resolve(CdiInjection.NamesOf(host)));
        }

        List<DeviceMapping> there = [.. host.Devices ?? []];
        there.RemoveAll(static device => FileDescriptor.TryStatus(device.PathOnHost) is null);
        return ResourceLimits.Of(new RuntimeResources { Devices = DeviceSpecs.Of(host with { Devices = there }).Rules });
    }
}
