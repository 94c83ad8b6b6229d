using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>The devices a container gets.</summary>
internal static class DeviceNodes
{
    /// <summary>Devices every container has (config-linux.md, "Default Devices").</summary>
    private static readonly RuntimeDevice[] Defaults =
    [
        new() { Path = "/dev/null", Type = "c", Major = 1, Minor = 3, FileMode = 0x1B6 },
        new() { Path = "/dev/zero", Type = "c", Major = 1, Minor = 5, FileMode = 0x1B6 },
        new() { Path = "/dev/full", Type = "c", Major = 1, Minor = 7, FileMode = 0x1B6 },
        new() { Path = "/dev/random", Type = "c", Major = 1, Minor = 8, FileMode = 0x1B6 },
        new() { Path = "/dev/urandom", Type = "c", Major = 1, Minor = 9, FileMode = 0x1B6 },
        new() { Path = "/dev/tty", Type = "c", Major = 5, Minor = 0, FileMode = 0x1B6 },
    ];

    /// <summary>Those of the specification, then those of the defaults it does not have.</summary>
    /// <param name="linux">The specification's linux section.</param>
    /// <returns>Each path once.</returns>
    public static IReadOnlyList<RuntimeDevice> Of(RuntimeLinux? linux)
    {
        var devices = new List<RuntimeDevice>();
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var device in (ReadOnlySpan<RuntimeDevice>)[.. linux?.Devices ?? [], .. Defaults])
        {
            if (paths.Add(device.Path))
            {
                devices.Add(device);
            }
        }

        return devices;
    }
}
