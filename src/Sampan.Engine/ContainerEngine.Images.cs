using Sampan.Engine.Containers;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>The images.</summary>
    public ImageStore Images => _images ??= new ImageStore(Paths.Root);

    /// <summary>The container that keeps an image from being removed, for <see cref="ImageStore.Remove"/> and <see cref="ImageStore.Collect"/>.</summary>
    /// <param name="imageId">sha256:…</param>
    /// <returns>A container that runs before one that does not; null when none uses it.</returns>
    public ImageUser? FindImageUser(string imageId)
    {
        ImageUser? user = null;
        foreach (var container in Containers.List())
        {
            // What a container uses whose record is damaged nobody knows: it may be any image.
            if ((container.IsDamaged || container.ImageId == imageId) && user?.Running != true)
            {
                user = new ImageUser(container.Id, container.State.Running);
            }
        }

        return user;
    }

    /// <summary>Whether containers can be made of an image without pulling it.</summary>
    /// <param name="image">Name or id.</param>
    /// <param name="platform">os/architecture[/variant]; null for any.</param>
    /// <returns>True when it is there, for that platform.</returns>
    /// <exception cref="SampanException">InvalidArgument: not a name, or not a platform.</exception>
    public bool HasImage(string image, string? platform)
    {
        var filter = platform is null ? null : PlatformFilter.Parse(platform);
        return Images.TryFind(image) is { Config: var config } && filter?.Matches(config.Os, config.Architecture, config.Variant) != false;
    }

    /// <summary>What a container's files take. Walks over all it wrote.</summary>
    /// <param name="container">Which.</param>
    /// <returns>The sizes.</returns>
    /// <exception cref="LinuxException">A directory cannot be read.</exception>
    public ContainerSize SizeOf(Container container)
    {
        if (container.HostConfig.Rootfs is not null)
        {
            return default;
        }

        var written = TreeSize.Of(container.UpperDirectory);
        var total = written;
        foreach (var layer in container.Record.Layers)
        {
            total += Images.LayerSize(layer);
        }

        return new(written, total);
    }

    /// <summary>What the image says; nothing with --rootfs.</summary>
    /// <exception cref="SampanException">NotFound: there is no such image.</exception>
    private ImageDefaults FindImage(ContainerCreateRequest request)
    {
        if (request.HostConfig.Rootfs is { } directory)
        {
            return FileDescriptor.TryStatus(directory)?.Type == FileType.Directory
                ? ImageDefaults.None
                : throw SampanException.InvalidArgument($"invalid --rootfs {directory}: not a directory; unpack a root filesystem there");
        }

        var image = Images.Find(request.Config.Image);
        if (request.Platform is { } platform)
        {
            PlatformFilter.Parse(platform).Require(image.Config, request.Config.Image);
        }

        var config = image.Config.Config ?? new ImageConfig();
        return new ImageDefaults
        {
            Id = image.Id,
            LayerDirectories = image.LayerDirectories,
            User = config.User ?? "",
            Env = config.Env ?? [],
            Cmd = config.Cmd,
            Entrypoint = config.Entrypoint,
            WorkingDir = config.WorkingDir ?? "",
            Labels = config.Labels,
            StopSignal = config.StopSignal,
            Healthcheck = config.Healthcheck is { } check ? ToHealthCheck(check) : null,
            ExposedPorts = config.ExposedPorts is { } ports ? [.. ports.Keys] : [],
            Volumes = config.Volumes is { } volumes ? [.. volumes.Keys] : [],
        };
    }

    private static HealthCheck ToHealthCheck(ImageHealthCheck check) => new()
    {
        Test = check.Test,
        Interval = check.Interval ?? 0,
        Timeout = check.Timeout ?? 0,
        StartPeriod = check.StartPeriod ?? 0,
        StartInterval = check.StartInterval ?? 0,
        Retries = check.Retries ?? 0,
    };
}
