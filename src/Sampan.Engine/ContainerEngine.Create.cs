using Sampan.Engine.Containers;
using Sampan.Engine.Devices;
using Sampan.Engine.Monitors;
using Sampan.Engine.Specs;
using Sampan.Engine.Storage;
using Sampan.Engine.Volumes;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Makes a container: merges the image's configuration, takes the name, makes its volumes and its directory.</summary>
    /// <param name="request">What is asked for.</param>
    /// <returns>The container, created and not started.</returns>
    /// <exception cref="SampanException">NotFound: no such image. Conflict: the name is taken. InvalidArgument: what is asked for makes no sense.</exception>
    public Container Create(ContainerCreateRequest request)
    {
        HostConfigCheck.Check(request.HostConfig);
        if (request.Name is { } name)
        {
            request = request with { Name = name.StartsWith('/') ? name[1..] : name };
            ContainerNames.Validate(request.Name);
        }

        while (true)
        {
            var id = ContainerId.Generate();
            var monitor = request.StartFollows ? new StartingMonitor(id, _launchMonitor) : null;
            Container? container = null;
            try
            {
                container = TryCreate(request, id);
            }
            finally
            {
                if (container is null)
                {
                    monitor?.Dispose();
                }
            }

            if (container is not null)
            {
                container.Monitor = monitor;
                return container;
            }
        }
    }

    /// <returns>Null when the id is burnt (<see cref="ContainerDirectory.TryBegin"/>).</returns>
    private Container? TryCreate(ContainerCreateRequest request, string id)
    {
        MakeDirectories();
        Containers.Collect();

        // From the lookup until the record names the image its layers stay, whoever removes it.
        using var content = request.HostConfig.Rootfs is null ? Images.Hold() : null;
        var image = FindImage(request);
        var config = ConfigMerge.Merge(request.Config, image);
        RuntimeSpecBuilder.Check(config, request.HostConfig, HostFacts.Read(CgroupHierarchy.Detect()));
        if (request.HostConfig.DeviceRequests is not null)
        {
            _ = CdiRegistry.OfHost.Resolve(CdiInjection.NamesOf(request.HostConfig));
        }

        var hold = ContainerDirectory.TryBegin(Paths, id);
        if (hold is null)
        {
            return null;
        }

        try
        {
            var name = TakeName(request.Name, id);
            var container = Complete(new Creation(request, config, image, id, name), hold);
            if (!request.StartFollows)
            {
                hold.Dispose();
            }

            return container;
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            _remover.Abandon(id);
            hold.Dispose();
            throw;
        }
    }

    private Container Complete(Creation creation, FileDescriptor hold)
    {
        var host = creation.Request.HostConfig;
        var config = WithHostname(creation.Config, creation.Id);
        var layers = host.Rootfs is { } directory ? [directory] : creation.Image.LayerDirectories;
        var (path, args) = ConfigMerge.CommandLine(config);
        var record = new ContainerRecord
        {
            Id = creation.Id,
            Name = creation.Name,
            Created = DateTimeOffset.UtcNow,
            Path = path,
            Args = args,
            ImageId = creation.Image.Id,
            Layers = LayerNames(creation.Image.LayerDirectories),
            Config = config,
            HostConfig = host,
        };
        MakeRootDirectories(ContainerDirectory.Creating(Paths, creation.Id), creation.Image.LayerDirectories);
        if (MountResolver.NeedsNothing(config, host))
        {
            return Publish(record, creation.Request, hold);
        }

        using var held = Volumes.Lock();
        var resolver = new MountResolver(Volumes, Containers);
        try
        {
            resolver.Resolve(config, host);
            foreach (var mount in resolver.ToFill)
            {
                VolumeFill.Fill(mount, layers);
            }

            return Publish(record with { Mounts = resolver.Mounts, MountDetails = resolver.Details, AnonymousVolumes = resolver.AnonymousVolumes }, creation.Request, hold);
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            Volumes.RemoveLocked(resolver.AnonymousVolumes);
            throw;
        }
    }

    private Container Publish(ContainerRecord record, ContainerCreateRequest request, FileDescriptor hold)
    {
        // A container that goes away with its exit need not survive a power cut.
        var durable = !request.HostConfig.AutoRemove;
        var directory = ContainerDirectory.Creating(Paths, record.Id);
        ContainerStore.Write(directory, record, durable);
        if (!request.StartFollows)
        {
            // Its presence says that somebody wants a container that waits: without it one that was never started is a dead run's.
            StateFile.Write(directory, new ContainerState(), durable);
        }

        ContainerDirectory.Publish(Paths, record.Id, durable);
        Events.Write(record, "create");
        return new Container(Paths, record, request.StartFollows ? hold : null);
    }

    private string TakeName(string? name, string id)
    {
        if (name is null)
        {
            return _names.TakeRandom(id);
        }

        _names.Take(name, id);
        return name;
    }

    private void MakeDirectories()
    {
        Entries.MakeDirectory(Paths.Containers, Entries.PassableDirectory);
        Entries.MakeDirectory(Paths.Names, Entries.PassableDirectory);
        Entries.MakeDirectory(Paths.Volumes, Entries.PassableDirectory);
        MountpointLayer.Ensure(Paths.Mountpoints);
    }

    private static void MakeRootDirectories(string directory, IReadOnlyList<string> layers)
    {
        Entries.MakeDirectory(directory + "/rootfs", Entries.PrivateDirectory);
        Entries.MakeDirectory(directory + "/work", Entries.PrivateDirectory);
        Entries.MakeDirectory(directory + "/upper", Entries.PublicDirectory);
        if (layers.Count == 0)
        {
            // An image without layers: overlayfs wants one below.
            Entries.MakeDirectory(directory + "/lower", Entries.PublicDirectory);
        }

        if (layers.Count == 0 || FileDescriptor.TryStatus(layers[^1]) is not { } top)
        {
            return;
        }

        // The merged root shows the owner and mode of the upper directory (Documentation/filesystems/overlayfs): they are to be the image's.
        using var upper = FileDescriptor.Open(directory + "/upper", OpenFlags.ReadOnly | OpenFlags.Directory);
        upper.SetOwner(top.UserId, top.GroupId);
        upper.SetPermissions(top.Permissions);
    }

    private static ContainerConfig WithHostname(ContainerConfig config, string id) =>
        config.Hostname.Length > 0 ? config : config with { Hostname = id[..12] };

    private static string[] LayerNames(IReadOnlyList<string> directories)
    {
        var names = new string[directories.Count];
        for (var index = 0; index < names.Length; index++)
        {
            names[index] = directories[index][(directories[index].LastIndexOf('/') + 1)..];
        }

        return names;
    }

    private sealed record Creation(ContainerCreateRequest Request, ContainerConfig Config, ImageDefaults Image, string Id, string Name);
}
