using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Netlink;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>Devices that the parent moves into the container's network namespace while the child waits (config-linux.md, "Network devices").</summary>
/// <param name="Moves">Names on the host and in the container.</param>
/// <param name="NamespacePath">The namespace that is joined; null when the child has made one.</param>
internal sealed record NetworkDevices(IReadOnlyList<(string Name, string NewName)> Moves, string? NamespacePath)
{
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no name a device can have, or one twice.</exception>
    public static NetworkDevices? From(RuntimeLinux linux, NamespaceSet namespaces)
    {
        if (linux.NetDevices is not { Count: > 0 } devices)
        {
            return null;
        }

        var moves = new List<(string, string)>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, device) in devices)
        {
            var newName = string.IsNullOrEmpty(device.Name) ? name : device.Name;
            Check(name);
            Check(newName);
            if (!taken.Add(newName))
            {
                throw SampanException.InvalidArgument($"linux.netDevices: two devices are named {newName}: rename one");
            }

            moves.Add((name, newName));
        }

        return new(moves, namespaces.Joined.GetValueOrDefault("network"));
    }

    /// <summary>Moves them.</summary>
    /// <param name="pid">The child.</param>
    /// <exception cref="LinuxException">A device cannot be moved.</exception>
    public void Move(int pid)
    {
        using var target = FileDescriptor.Open(NamespacePath ?? $"/proc/{pid}/ns/net", OpenFlags.ReadOnly);
        foreach (var (name, newName) in Moves)
        {
            new NetworkDevice(name).MoveTo(target, newName);
        }
    }

    /// <summary>Names, for people.</summary>
    public string Describe()
    {
        var names = new List<string>();
        foreach (var (name, newName) in Moves)
        {
            names.Add(name == newName ? name : $"{name} as {newName}");
        }

        return string.Join(", ", names);
    }

    // The kernel's own rule (net/core/dev.c, dev_valid_name), without its patterns.
    private static void Check(string name)
    {
        var valid = name.Length is > 0 and <= NetworkDevice.LongestName && name is not ("." or "..");
        foreach (var character in name)
        {
            valid &= character is not ('/' or ':' or '%') && !char.IsWhiteSpace(character) && !char.IsControl(character);
        }

        if (!valid)
        {
            throw SampanException.InvalidArgument($"linux.netDevices: invalid network device name \"{name}\"");
        }
    }
}
