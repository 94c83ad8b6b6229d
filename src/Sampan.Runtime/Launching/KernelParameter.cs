using Sampan.Linux;

namespace Sampan.Runtime.Launching;

/// <summary>Names of kernel parameters: which file, and whether a container may set it.</summary>
internal static class KernelParameter
{
    private static readonly string[] OfIpcNamespace =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
    ];

    /// <summary>The path below /proc/sys. Either separator may be used, and the other one then is part of a name: net.ipv4.conf.eth0/100.forwarding
    /// and net/ipv4/conf/eth0.100/forwarding are the same (sysctl.d(5)).</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the name leads elsewhere.</exception>
    public static string PathOf(string name)
    {
        var path = Dotted(name).Replace('.', '\0').Replace('/', '.').Replace('\0', '/');
        foreach (var range in path.AsSpan().Split('/'))
        {
            if (path.AsSpan()[range] is "" or "." or "..")
            {
                throw SampanException.InvalidArgument($"invalid sysctl \"{name}\": not the name of a kernel parameter");
            }
        }

        return path;
    }

    /// <summary>Refuses what is not the container's own: /proc/sys is namespaced only in parts (the rules and words are runc's).</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="namespaces">The container's namespaces.</param>
    /// <param name="joinsHostNetwork">Whether the network namespace that is joined is the caller's own.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is the host's.</exception>
    public static void Check(string name, NamespaceSet namespaces, Func<bool> joinsHostNetwork)
    {
        var dotted = Dotted(name);
        if (Array.IndexOf(OfIpcNamespace, dotted) >= 0 || dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal))
        {
            if (!namespaces.Has("ipc"))
            {
                throw SampanException.InvalidArgument($"sysctl \"{dotted}\" is not allowed in the hosts ipc namespace");
            }
        }
        else if (dotted.StartsWith("net.", StringComparison.Ordinal))
        {
            if (!namespaces.Has("network") || joinsHostNetwork())
            {
                throw SampanException.InvalidArgument($"sysctl \"{dotted}\" not allowed in host network namespace");
            }
        }
        else if (dotted == "kernel.hostname" && namespaces.Has("uts"))
        {
            throw SampanException.InvalidArgument($"sysctl \"{dotted}\" is not allowed as it conflicts with the OCI \"hostname\" field");
        }
        else if (dotted != "kernel.domainname" || !namespaces.Has("uts"))
        {
            throw SampanException.InvalidArgument($"sysctl \"{dotted}\" is not in a separate kernel namespace");
        }
    }

    private static string Dotted(string name)
    {
        var first = name.AsSpan().IndexOfAny('.', '/');
        return first < 0 || name[first] == '.' ? name : name.Replace('.', '\0').Replace('/', '.').Replace('\0', '/');
    }
}
