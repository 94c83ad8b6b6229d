using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Volumes;

/// <summary>What --mount asks for; unlike with -v a source that is not there is an error.</summary>
internal sealed partial class MountResolver
{
    private void Add(MountRequest request)
    {
        if (!request.Target.StartsWith('/'))
        {
            throw Invalid(request, $"invalid mount path: '{request.Target}' mount path must be absolute");
        }

        var destination = BindSpecification.NormalizePath(request.Target);
        if (destination == "/")
        {
            throw Invalid(request, "invalid specification: destination can't be '/'");
        }

        switch (request.Type)
        {
            case "bind":
                Claim(destination);
                AddBind(request, destination);
                break;
            case "volume":
                Claim(destination);
                AddVolume(request, destination);
                break;
            case "tmpfs":
                if (request.Source.Length > 0)
                {
                    throw Invalid(request, "field Source must not be specified");
                }

                Claim(destination);
                break;
            default:
                throw Invalid(request, "mount type unknown");
        }
    }

    private void AddBind(MountRequest request, string destination)
    {
        if (request.Source.Length == 0)
        {
            throw Invalid(request, "field Source must not be empty");
        }

        if (!request.Source.StartsWith('/'))
        {
            throw Invalid(request, $"invalid mount path: '{request.Source}' mount path must be absolute");
        }

        var options = request.BindOptions ?? new BindOptions();
        var source = BindSpecification.NormalizePath(request.Source);
        if (FileDescriptor.TryStatus(source) is null)
        {
            if (!options.CreateMountpoint)
            {
                throw Invalid(request, $"bind source path does not exist: {source}");
            }

            MakeSource(source);
        }

        AddPoint(
            new MountPoint
            {
                Source = source,
                Destination = destination,
                RW = !request.ReadOnly,
                Propagation = options.Propagation.Length > 0 ? options.Propagation : "rprivate",
            },
            new MountDetail { NonRecursive = options.NonRecursive, ReadOnlyNonRecursive = options.ReadOnlyNonRecursive });
    }

    private void AddVolume(MountRequest request, string destination)
    {
        var options = request.VolumeOptions ?? new VolumeOptions();
        if (options.Subpath.Length > 0 && (options.Subpath.StartsWith('/') || Array.IndexOf(options.Subpath.Split('/'), "..") >= 0))
        {
            throw Invalid(request, $"invalid volume subpath '{options.Subpath}': must be a relative path within the volume");
        }

        if (request.Source.Length > 0)
        {
            VolumeStore.Validate(request.Source);
        }

        AddVolume(
            new VolumeCreateRequest
            {
                Name = request.Source,
                Driver = options.DriverConfig is { Name.Length: > 0 } driver ? driver.Name : _driver,
                Labels = options.Labels,
                Options = options.DriverConfig?.Options,
            },
            new MountPoint { Destination = destination, Mode = "z", RW = !request.ReadOnly },
            options.NoCopy,
            new MountDetail { Subpath = options.Subpath });
    }

    private static SampanException Invalid(MountRequest request, string reason) =>
        SampanException.InvalidArgument($"invalid mount config for type \"{request.Type}\": {reason}");
}
