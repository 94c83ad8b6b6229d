using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Specs;
using Sampan.Engine.Storage;
using Sampan.Engine.Volumes;
using Sampan.Linux;
using Sampan.Linux.Cgroups;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Gives a container another name, running or not.</summary>
    /// <param name="container">Which.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="SampanException">InvalidArgument: not a name, or the one it has. Conflict: the name is taken.</exception>
    public void Rename(Container container, string name)
    {
        name = name.StartsWith('/') ? name[1..] : name;
        ContainerNames.Validate(name);
        var before = _names.Rename(container, name);
        if (TryConnect(container) is { } connection)
        {
            TellOfChange(connection, container);
        }

        if (!Entries.Exists(container.Directory))
        {
            // Its monitor removed it meanwhile, and gave back the name it knew.
            _names.Release(name, container.Id);
        }

        container.Journal.Write(container.Record, "rename", ("oldName", "/" + before));
    }

    /// <summary>Changes limits, restart policy, ports, mounts and devices of a container, running or not. What is refused leaves all as it was.</summary>
    /// <param name="container">Which.</param>
    /// <param name="change">What is asked for.</param>
    /// <exception cref="SampanException">The value makes no sense, contradicts another, or the kernel refuses it.</exception>
    public void Update(Container container, UpdateRequest change)
    {
        var made = new ResolvedMounts();
        if (change.PublishRemove is not null)
        {
            change = change with { OpenPorts = container.Network?.Ports };
        }

        try
        {
            if (change.MountAdd is { Count: > 0 })
            {
                change = change with { Resolved = made = MakeVolumes(container, change) };
            }

            UpdateResolved(container, change);
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            Volumes.RemoveAnonymous(made.AnonymousVolumes);
            if (exception is SampanException { Kind: not ErrorKind.NotFound } or LinuxException)
            {
                throw new SampanException((exception as SampanException)?.Kind ?? ErrorKind.Internal, $"Cannot update container {container.Id}: {exception.Message}", exception);
            }

            throw;
        }
    }

    private void UpdateResolved(Container container, UpdateRequest change)
    {
        // Who starts or runs it has the lock and is asked; where nobody has, nobody can start it meanwhile.
        if (TakeUnlessRunning(container) is not { } hold)
        {
            UpdateRunning(container, change);
            return;
        }

        using (hold)
        {
            using var held = change.Resolved is null ? null : Volumes.Lock();
            foreach (var mount in change.Resolved?.Mounts ?? [])
            {
                _ = mount.Name is { } volume ? Volumes.Find(volume) : null;
            }

            _names.Rewrite(container, record =>
            {
                var after = ContainerUpdate.Apply(record, change);
                _ = ResourceSpecs.Of(after.HostConfig, HostFacts.Read(CgroupHierarchy.Detect()), []);
                return after;
            });
        }

        container.Journal.Write(container.Record, "update");
    }

    /// <summary>Here and not in its monitor, which has other things to do than to copy files.</summary>
    private ResolvedMounts MakeVolumes(Container container, UpdateRequest change)
    {
        _ = ContainerUpdate.Apply(container.Record, change);
        using var held = Volumes.Lock();
        var resolver = new MountResolver(Volumes, Containers);
        try
        {
            resolver.Resolve(new ContainerConfig(), new HostConfig { Mounts = change.MountAdd, VolumeDriver = container.HostConfig.VolumeDriver });
            foreach (var mount in resolver.ToFill)
            {
                VolumeFill.Fill(mount, container.HostConfig.Rootfs is { } directory ? [directory] : container.LayerDirectories, container.IdMap);
            }
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            Volumes.RemoveLocked(resolver.AnonymousVolumes);
            throw;
        }

        return new ResolvedMounts { Mounts = resolver.Mounts, Details = resolver.Details, AnonymousVolumes = resolver.AnonymousVolumes };
    }

    private void UpdateRunning(Container container, UpdateRequest change)
    {
        var connection = ConnectToEnd(container) ?? throw SampanException.Conflict("it ended meanwhile: update it again");
        using (Ask(connection, new MonitorRequest { Operation = "update", Update = change }, FrameType.Done, container))
        {
            // Answered; nothing else is said on this connection.
        }
    }

    private static void TellOfChange(MonitorConnection connection, Container container)
    {
        try
        {
            Ask(connection, new MonitorRequest { Operation = "reload" }, FrameType.Done, container).Dispose();
        }
        catch (SampanException problem) when (problem.Kind is ErrorKind.Conflict or ErrorKind.Internal)
        {
            // It has ended: there is nobody left to be told.
            return;
        }
    }
}
