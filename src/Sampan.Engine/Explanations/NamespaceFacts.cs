using Sampan.Engine.Containers;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Explanations;

/// <summary>The namespaces of a container: its own, the host's, or another container's.</summary>
internal static class NamespaceFacts
{
    private static readonly (string File, string Type)[] Kinds =
    [
        ("mnt", "mount"), ("pid", "pid"), ("net", "network"), ("ipc", "ipc"), ("uts", "uts"), ("cgroup", "cgroup"), ("user", "user"), ("time", "time"),
    ];

    /// <summary>Compares.</summary>
    /// <param name="host">What was asked for.</param>
    /// <param name="expected">Namespaces a start makes and joins.</param>
    /// <param name="view">What is.</param>
    public static List<Fact> Of(HostConfig host, IReadOnlyList<RuntimeNamespace> expected, KernelView view)
    {
        var facts = new List<Fact>();
        foreach (var (file, type) in Kinds)
        {
            if (!view.Namespaces.TryGetValue(file, out var link))
            {
                continue;
            }

            var isHosts = view.OwnNamespaces.TryGetValue(file, out var own) && own == link;
            var wanted = Find(expected, type);
            var (asked, same) = wanted switch
            {
                null => ("the host's", isHosts),
                { Path: null } => ("its own", !isHosts),
                _ => ("another container's", !isHosts),
            };
            var whose = isHosts ? "the host's" : view.Neighbours.TryGetValue(link, out var neighbour) ? $"shared with {neighbour}" : wanted?.Path is null ? "its own" : "of a container that has ended";
            facts.Add(Fact.Of(type, $"{Inode(link)} {whose}", asked, Origin(host, type), same));
        }

        return facts;
    }

    private static RuntimeNamespace? Find(IReadOnlyList<RuntimeNamespace> namespaces, string type)
    {
        foreach (var item in namespaces)
        {
            if (item.Type == type)
            {
                return item;
            }
        }

        return null;
    }

    // net:[4026531840]
    private static string Inode(string link)
    {
        var bracket = link.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? link : link[(bracket + 1)..].TrimEnd(']');
    }

    private static string Origin(HostConfig host, string type) => type switch
    {
        "mount" => "every container has one",
        "pid" => Flag("--pid", host.PidMode, ""),
        "network" => Flag("--network", host.NetworkMode, "none"),
        "ipc" => Flag("--ipc", host.IpcMode, "private"),
        "uts" => Flag("--uts", host.UTSMode, ""),
        "cgroup" => Flag("--cgroupns", host.CgroupnsMode, "private"),
        "user" => Flag("--userns", host.UsernsMode, ""),
        _ => "default: none is made",
    };

    private static string Flag(string name, string mode, string standard) => mode == standard || mode.Length == 0 ? "default" : $"{name} {mode}";
}
