using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>The namespaces a specification asks for: made by clone, or joined by path (namespaces(7)).</summary>
internal sealed class NamespaceSet
{
    private readonly Dictionary<string, string> _joined = new(StringComparer.Ordinal);

    /// <summary>CLONE_NEW* bits of those to be made.</summary>
    public ulong Created { get; private set; }

    /// <summary>Path by type of those to be joined.</summary>
    public IReadOnlyDictionary<string, string> Joined => _joined;

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: unknown or twice.</exception>
    public static NamespaceSet From(IReadOnlyList<RuntimeNamespace>? namespaces)
    {
        var set = new NamespaceSet();
        foreach (var item in namespaces ?? [])
        {
            var flag = Flag(item.Type);
            if ((set.Created & flag) != 0 || set._joined.ContainsKey(item.Type))
            {
                throw SampanException.InvalidArgument($"namespace {item.Type} is given twice");
            }

            if (string.IsNullOrEmpty(item.Path))
            {
                set.Created |= flag;
            }
            else
            {
                set._joined.Add(item.Type, item.Path);
            }
        }

        return set;
    }

    /// <summary>Made or joined: in any case not the caller's.</summary>
    public bool Has(string type) => Creates(type) || _joined.ContainsKey(type);

    /// <summary>The network namespace to be joined is the caller's own by another name.</summary>
    /// <exception cref="LinuxException">The path cannot be opened.</exception>
    public bool JoinsHostNetwork()
    {
        if (!_joined.TryGetValue("network", out var path))
        {
            return false;
        }

        using var own = FileDescriptor.Open("/proc/self/ns/net", OpenFlags.Path);
        using var joined = FileDescriptor.Open(path, OpenFlags.Path);
        return own.Status().IsSameFile(joined.Status());
    }

    public bool Creates(string type) => (Created & Flag(type)) != 0;

    /// <summary>The CLONE_NEW* bit of a namespace type (clone(2)).</summary>
    public static ulong Flag(string type) => type switch
    {
        "mount" => 0x0002_0000,
        "cgroup" => 0x0200_0000,
        "uts" => 0x0400_0000,
        "ipc" => 0x0800_0000,
        "user" => 0x1000_0000,
        "pid" => 0x2000_0000,
        "network" => 0x4000_0000,
        "time" => 0x80,
        _ => throw SampanException.InvalidArgument($"unknown namespace type \"{type}\""),
    };
}
