using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>Which namespaces are made, kept from the host, or joined (namespaces(7)).</summary>
public static class NamespaceSpecs
{
    private const string ContainerPrefix = "container:";

    /// <summary>The container whose namespace a mode joins.</summary>
    /// <param name="mode">A PID, IPC or network mode.</param>
    /// <returns>Its name or id; null when the mode names none.</returns>
    public static string? JoinedContainer(string mode) =>
        mode.StartsWith(ContainerPrefix, StringComparison.Ordinal) ? mode[ContainerPrefix.Length..] : null;

    /// <summary>Whether a container has a network namespace of its own: with a network, and with none.</summary>
    /// <param name="host">What the host gives.</param>
    /// <returns>False with the host's and another container's.</returns>
    internal static bool OwnsNetwork(HostConfig host) => host.NetworkMode != "host" && JoinedContainer(host.NetworkMode) is null;

    /// <summary>Translates the modes.</summary>
    /// <param name="host">They are in it.</param>
    /// <param name="joined">Path of the namespace to join by type ("pid", "ipc", "network", "user"), for modes that name a container.</param>
    /// <returns>Namespaces to make or join.</returns>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.InvalidArgument"/>: an unknown mode;
    /// <see cref="ErrorKind.Conflict"/>: the container to join has no path, since it does not run.
    /// </exception>
    internal static List<RuntimeNamespace> Of(HostConfig host, IReadOnlyDictionary<string, string> joined)
    {
        var namespaces = new List<RuntimeNamespace>(6) { new() { Type = "mount" } };
        Add(namespaces, "pid", host.PidMode, joined, host.PidMode is "" or "private", "PID");
        Add(namespaces, "ipc", host.IpcMode, joined, host.IpcMode is "" or "private" or "shareable" or "none", "IPC");
        Add(namespaces, "uts", host.UTSMode, joined, host.UTSMode is "" or "private", "UTS");
        Add(namespaces, "cgroup", host.CgroupnsMode, joined, host.CgroupnsMode is "" or "private", "cgroup namespace");
        Add(namespaces, "network", host.NetworkMode, joined, OwnsNetwork(host), "network");
        if (host.IDMappings is not null)
        {
            namespaces.Add(new() { Type = "user", Path = joined.GetValueOrDefault("user") });
        }

        return namespaces;
    }

    private static void Add(
        List<RuntimeNamespace> namespaces,
        string type,
        string mode,
        IReadOnlyDictionary<string, string> joined,
        bool own,
        string label)
    {
        if (own)
        {
            namespaces.Add(new() { Type = type });
        }
        else if (JoinedContainer(mode) is { } container && type is "pid" or "ipc" or "network")
        {
            namespaces.Add(new()
            {
                Type = type,
                Path = joined.TryGetValue(type, out var path)
                    ? path
                    : throw SampanException.Conflict($"cannot join {label} of a non running container: {JoinedContainer(mode)}"),
            });
        }
        else if (mode != "host")
        {
            throw SampanException.InvalidArgument($"invalid {label} mode: {mode}");
        }
    }
}
