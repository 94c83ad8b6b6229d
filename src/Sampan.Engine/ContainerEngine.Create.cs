using Sampan.Engine.Containers;
using Sampan.Engine.Devices;
using Sampan.Engine.Monitors;
using Sampan.Engine.Networks;
using Sampan.Engine.Specs;
using Sampan.Engine.Storage;
using Sampan.Engine.Users;
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
        HostConfigCheck.CheckExposed(request.Config, request.HostConfig);
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

        // Held until the record names the ids: nobody else gets them.
        using var ids = _idMaps.Take(request.HostConfig, () => IdsOf(image, request.HostConfig, config.User));
        request = request with { HostConfig = ids.Host };
        request = request with { Endpoints = new EndpointRequest(Networks).Resolve(request.Endpoints) };
        var links = ContainerLinks.Resolve(request.HostConfig.Links, Containers);
        RuntimeSpecBuilder.Check(config, request.HostConfig, HostFacts.Read(CgroupHierarchy.Detect()));
        StorageQuota.Check(request.HostConfig, Paths.Containers);
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
            var container = Complete(new Creation(request, config, image, id, name, links), hold);
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
            Endpoints = creation.Request.Endpoints is { Count: > 0 } endpoints ? endpoints : null,
            Links = creation.Links,
        };
        var ids = ContainerIdMap.Of(host);
        var creating = ContainerDirectory.Creating(Paths, creation.Id);
        MakeRootDirectories(creating, creation.Image.LayerDirectories, ids);
        if (StorageQuota.SizeOf(host) is { } size)
        {
            StorageQuota.Apply(Paths, creating, size);
        }

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
                VolumeFill.Fill(mount, layers, ids);
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

    private static void MakeRootDirectories(string directory, IReadOnlyList<string> layers, ContainerIdMap? ids)
    {
        Entries.MakeDirectory(directory + "/rootfs", Entries.PrivateDirectory);
        Entries.MakeDirectory(directory + "/work", Entries.PrivateDirectory);
        Entries.MakeDirectory(directory + "/upper", Entries.PublicDirectory);
        if (layers.Count == 0)
        {
            // An image without layers: overlayfs wants one below.
            Entries.MakeDirectory(directory + "/lower", Entries.PublicDirectory);
        }

        var top = layers.Count == 0 ? null : FileDescriptor.TryStatus(layers[^1]);
        if (top is null && ids is null)
        {
            return;
        }

        // The merged root shows the owner and mode of the upper directory (Documentation/filesystems/overlayfs): they are to be the image's.
        using var upper = FileDescriptor.Open(directory + "/upper", OpenFlags.ReadOnly | OpenFlags.Directory);
        if (ids is not null)
        {
            ids.GiveToRoot(upper);
        }

        if (top is { } image)
        {
            if (ids?.ToHost is var owners && (owners is null || (image.UserId, image.GroupId) != (0, 0)))
            {
                upper.SetOwner(owners?.User(image.UserId) ?? image.UserId, owners?.Group(image.GroupId) ?? image.GroupId);
            }

            upper.SetPermissions(image.Permissions);
        }
    }

    // Nobody is left out: he has no files of his own, and would make it 65536 of every image.
    private static uint IdsOf(ImageDefaults image, HostConfig host, string user)
    {
        const uint least = 1024;
        IReadOnlyList<string> layers = host.Rootfs is { } directory ? [directory] : image.LayerDirectories;
        var database = UserDatabase.Read(new RootView([.. layers.Reverse()]));
        return Math.Max(least, Math.Max(database.HighestNumber, database.Resolve(user).Uid) + 1);
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

    private sealed record Creation(ContainerCreateRequest Request, ContainerConfig Config, ImageDefaults Image, string Id, string Name, IReadOnlyList<ContainerLink>? Links);
}
