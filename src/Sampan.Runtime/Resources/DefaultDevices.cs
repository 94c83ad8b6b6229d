using Sampan.Linux.Cgroups;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Resources;

/// <summary>
/// The devices every container may use, whatever its document says (config-linux.md, "Default Devices"; runc adds the right to make any
/// node, terminals and the tunnel device to them, and callers rely on it).
/// </summary>
public static class DefaultDevices
{
    private static readonly (string Path, DeviceRule Rule)[] All =
    [
        ("", new(true, 'c', null, null, DeviceAccess.Make)),
        ("", new(true, 'b', null, null, DeviceAccess.Make)),
        ("/dev/null", Whole(1, 3)),
        ("/dev/random", Whole(1, 8)),
        ("/dev/full", Whole(1, 7)),
        ("/dev/tty", Whole(5, 0)),
        ("/dev/zero", Whole(1, 5)),
        ("/dev/urandom", Whole(1, 9)),
        ("", Whole(136, null)),
        ("", Whole(5, 2)),
        ("", Whole(10, 200)),
    ];

    /// <summary>Rules that follow a document's own.</summary>
    /// <param name="devices">The document's device nodes: one at the path of a default device takes its place, with rules of its own.</param>
    /// <returns>Rules, each allowing.</returns>
    public static IReadOnlyList<DeviceRule> RulesBeside(IReadOnlyList<RuntimeDevice>? devices)
    {
        var rules = new List<DeviceRule>(All.Length);
        foreach (var (path, rule) in All)
        {
            if (path.Length == 0 || !Contains(devices, path))
            {
                rules.Add(rule);
            }
        }

        return rules;
    }

    private static bool Contains(IReadOnlyList<RuntimeDevice>? devices, string path)
    {
        for (var index = 0; index < (devices?.Count ?? 0); index++)
        {
            if (devices![index].Path == path)
            {
                return true;
            }
        }

        return false;
    }

    private static DeviceRule Whole(long major, long? minor) => new(true, 'c', major, minor, DeviceAccess.All);
}
