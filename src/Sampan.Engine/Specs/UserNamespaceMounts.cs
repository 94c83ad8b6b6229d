using Sampan.Engine.Users;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>What is mounted otherwise in a container with a user namespace of its own: what the kernel would refuse to make in there.</summary>
internal static class UserNamespaceMounts
{
    private const uint TerminalGroup = 5;

    /// <summary>Changes the mounts of a container.</summary>
    /// <param name="mounts">Its mounts.</param>
    /// <param name="request">What it is.</param>
    /// <param name="ids">Its ids.</param>
    /// <param name="devices">Its devices: nodes cannot be made in a user namespace (user_namespaces(7)), those of the host are bound.</param>
    public static List<RuntimeMount> Adapt(List<RuntimeMount> mounts, RuntimeSpecRequest request, ContainerIdMap ids, DeviceSpecs devices)
    {
        for (var index = mounts.Count - 1; index >= 0; index--)
        {
            var mount = mounts[index];
            switch (mount.Type)
            {
                case "devpts" when ContainerIdMap.OnHost(ids.Groups, TerminalGroup) is null:
                    List<string> options = [.. mount.Options ?? []];
                    options.Remove("gid=5");
                    mounts[index] = mount with { Options = options };
                    break;
                case "sysfs" when JoinsForeignNetwork(request):
                    // Who is not the master of the network's namespace cannot mount it (sysfs(5)).
                    mounts[index] = Bind("/sys", mount.Destination, "ro", "nosuid", "noexec", "nodev");
                    break;
                case "mqueue" when request.HostConfig.IpcMode == "host":
                    if (FileDescriptor.TryStatus(mount.Destination) is { IsMountRoot: true })
                    {
                        mounts[index] = Bind(mount.Destination, mount.Destination, "nosuid", "noexec", "nodev");
                    }
                    else
                    {
                        mounts.RemoveAt(index);
                    }

                    break;
            }
        }

        foreach (var device in devices.Devices)
        {
            mounts.Add(Bind(devices.Sources[device.Path], device.Path, "nosuid", "noexec"));
        }

        return mounts;
    }

    private static bool JoinsForeignNetwork(RuntimeSpecRequest request)
    {
        const string network = "/ns/net", user = "/ns/user";
        return NamespaceSpecs.JoinedContainer(request.HostConfig.NetworkMode) is not null
            && !(request.JoinedNamespaces.TryGetValue("network", out var joined) && request.JoinedNamespaces.TryGetValue("user", out var owner)
                && joined.EndsWith(network, StringComparison.Ordinal) && owner.EndsWith(user, StringComparison.Ordinal)
                && joined.AsSpan(0, joined.Length - network.Length).SequenceEqual(owner.AsSpan(0, owner.Length - user.Length)));
    }

    private static RuntimeMount Bind(string source, string destination, params string[] options) =>
        new() { Destination = destination, Type = "bind", Source = source, Options = ["bind", "rprivate", .. options] };
}
