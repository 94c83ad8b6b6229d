using Sampan.Engine.Containers;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Devices;

/// <summary>Adds CDI devices to what a container is made from.</summary>
internal static class CdiInjection
{
    /// <summary>The names of all devices asked for.</summary>
    public static IReadOnlyList<string> NamesOf(HostConfig host)
    {
        List<string> names = [];
        foreach (var request in host.DeviceRequests ?? [])
        {
            names.AddRange(request.DeviceIDs);
        }

        return names;
    }

    /// <summary>Environment and device nodes, which are those of -e and --device.</summary>
    public static (ContainerConfig Config, HostConfig Host) Apply(ContainerConfig config, HostConfig host, IReadOnlyList<CdiEdits> edits)
    {
        List<string> environment = [.. config.Env];
        List<DeviceMapping> devices = [.. host.Devices ?? []];
        foreach (var edit in edits)
        {
            environment.AddRange(edit.Env ?? []);
            foreach (var node in edit.DeviceNodes ?? [])
            {
                devices.Add(new DeviceMapping { PathOnHost = node.HostPath ?? node.Path, PathInContainer = node.Path, CgroupPermissions = node.Permissions ?? "rwm" });
            }
        }

        return (config with { Env = environment }, host with { Devices = devices });
    }

    /// <summary>Mounts, after all others.</summary>
    public static RuntimeSpec AddMounts(RuntimeSpec spec, IReadOnlyList<CdiEdits> edits)
    {
        List<RuntimeMount> mounts = [.. spec.Mounts ?? []];
        foreach (var edit in edits)
        {
            foreach (var mount in edit.Mounts ?? [])
            {
                var type = mount.Type is null or "" or "none" ? "bind" : mount.Type;
                List<string> options = [.. mount.Options ?? []];
                if (type == "bind" && !options.Contains("bind") && !options.Contains("rbind"))
                {
                    options.Add("rbind");
                }

                mounts.Add(new RuntimeMount { Destination = mount.ContainerPath, Source = mount.HostPath, Type = type, Options = options });
            }
        }

        return spec with { Mounts = mounts };
    }
}
