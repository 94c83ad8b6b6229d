using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Engine.Users;
using Sampan.Linux;

namespace Sampan.Engine.Specs;

/// <summary>Kernel parameters of a container: only those the kernel keeps per namespace, and only in a namespace of its own.</summary>
internal static class SysctlSpecs
{
    private static readonly string[] Ipc =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
        "kernel.shm_rmid_forced", "kernel.auto_msgmni", "kernel.msg_next_id", "kernel.sem_next_id", "kernel.shm_next_id",
    ];

    /// <summary>Checks the user's and adds docker's two.</summary>
    /// <param name="host">The user's.</param>
    /// <returns>Names and values.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: one would change the host.</exception>
    public static SortedDictionary<string, string> Of(HostConfig host)
    {
        var sysctls = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (NamespaceSpecs.OwnsNetwork(host))
        {
            // Docker since 20.10: without root, ping and ports below 1024 work; the namespace is the container's own.
            sysctls["net.ipv4.ip_unprivileged_port_start"] = "0";
            sysctls["net.ipv4.ping_group_range"] = string.Create(CultureInfo.InvariantCulture, $"0 {LastGroup(host)}");
        }

        foreach (var (spelled, value) in host.Sysctls ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            // sysctl(8): with a slash as the first separator, dots are part of names (interfaces such as eth0.1).
            var name = spelled.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 && slash < DotOf(spelled) ? spelled.Replace('/', '.') : spelled;
            Check(spelled, name, host);
            sysctls[spelled] = value;
        }

        return sysctls;
    }

    // All groups there are, and in a user namespace both ends must be one's there.
    private static uint LastGroup(HostConfig host)
    {
        var last = 0u;
        foreach (var range in ContainerIdMap.Of(host)?.Groups ?? [new() { Size = 1u << 31 }])
        {
            last = Math.Max(last, range.ContainerID + range.Size - 1);
        }

        return Math.Min(last, int.MaxValue);
    }

    private static int DotOf(string name) => name.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? dot : int.MaxValue;

    private static void Check(string spelled, string name, HostConfig host)
    {
        if (name.Contains("..", StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument($"sysctl \"{spelled}\" is not a kernel parameter's name");
        }

        if (name.StartsWith("net.", StringComparison.Ordinal))
        {
            Refuse(host.NetworkMode == "host", spelled, "host network");
        }
        else if (Array.IndexOf(Ipc, name) >= 0 || name.StartsWith("fs.mqueue.", StringComparison.Ordinal))
        {
            Refuse(host.IpcMode == "host", spelled, "host IPC");
        }
        else if (name == "kernel.domainname")
        {
            Refuse(host.UTSMode == "host", spelled, "host UTS");
        }
        else
        {
            throw SampanException.InvalidArgument(
                name == "kernel.hostname"
                    ? $"sysctl \"{spelled}\" is not allowed: use --hostname"
                    : $"sysctl \"{spelled}\" is not in a separate kernel namespace: it would change the host");
        }
    }

    private static void Refuse(bool shared, string name, string what)
    {
        if (shared)
        {
            throw SampanException.InvalidArgument($"sysctl \"{name}\" not allowed in {what} namespace");
        }
    }
}
