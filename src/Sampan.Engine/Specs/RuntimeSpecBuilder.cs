using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Users;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>Docker's words become an OCI document: what dockerd's oci_linux.go does, from records alone.</summary>
public static class RuntimeSpecBuilder
{
    private const string DefaultCgroupParent = "/sampan";

    /// <summary>Builds the document. The seccomp filter is not in it: see <see cref="SeccompFilters"/>.</summary>
    /// <param name="request">What it is made from.</param>
    /// <returns>The document.</returns>
    /// <exception cref="SampanException">
    /// What is asked for makes no sense (<see cref="ErrorKind.InvalidArgument"/>) or cannot be had here
    /// (<see cref="ErrorKind.Unavailable"/>); in docker's words where scripts match them.
    /// </exception>
    public static RuntimeSpec Build(RuntimeSpecRequest request)
    {
        var (config, host) = (request.Config, request.HostConfig);
        var security = SecurityOptions.Parse(host.SecurityOpt, host.Privileged);
        var devices = DeviceSpecs.Of(host);
        var hostname = Hostname(request);
        var ids = ContainerIdMap.Of(host);
        ids?.Require(request.User);
        var makesIds = ids is not null && !request.JoinedNamespaces.ContainsKey("user");
        return new()
        {
            OciVersion = "1.2.0",
            Process = Process(request, security, hostname),
            Root = new() { Path = request.RootPath, Readonly = host.ReadonlyRootfs },
            Hostname = host.UTSMode == "host" ? null : hostname,
            Domainname = host.UTSMode == "host" || config.Domainname.Length == 0 ? null : config.Domainname,
            Mounts = ids is null ? MountSpecs.Of(request, security) : UserNamespaceMounts.Adapt(MountSpecs.Of(request, security), request, ids, devices),
            Annotations = host.Annotations,
            Linux = new()
            {
                Sysctl = SysctlSpecs.Of(host),
                Resources = ResourceSpecs.Of(host, request.Host, devices.Rules),
                CgroupsPath = CgroupPath(host, request.Id),
                Namespaces = NamespaceSpecs.Of(host, request.JoinedNamespaces),
                Devices = ids is null ? devices.Devices : [],
                UidMappings = makesIds ? ids!.Users : null,
                GidMappings = makesIds ? ids!.Groups : null,
                RootfsPropagation = RootPropagation(request.Mounts),
                MaskedPaths = host.MaskedPaths ?? (security.SystemPathsUnconfined ? [] : ContainerDefaults.MaskedPaths(request.Host)),
                ReadonlyPaths = host.ReadonlyPaths ?? (security.SystemPathsUnconfined ? [] : ContainerDefaults.ReadonlyPaths),
            },
        };
    }

    /// <summary>Finds what is wrong with a request before anything is made: everything but the user and the namespaces to join.</summary>
    /// <param name="config">What runs.</param>
    /// <param name="host">What the host gives.</param>
    /// <param name="facts">The host.</param>
    /// <exception cref="SampanException">As <see cref="Build"/>.</exception>
    public static void Check(ContainerConfig config, HostConfig host, HostFacts facts)
    {
        // Before the hostname gets its default: this one the user typed.
        if ((config.Hostname.Length > 0 || config.Domainname.Length > 0) && host.UTSMode == "host")
        {
            throw SampanException.InvalidArgument("conflicting options: hostname and the UTS mode");
        }

        if (config.Hostname.Length > 0 && NamespaceSpecs.JoinedContainer(host.NetworkMode) is not null)
        {
            throw SampanException.InvalidArgument("conflicting options: hostname and the network mode");
        }

        Dictionary<string, string> any = new(StringComparer.Ordinal) { ["pid"] = "/", ["ipc"] = "/", ["network"] = "/" };
        _ = Build(new()
        {
            Id = "check",
            Config = config,
            HostConfig = host,
            User = new(0, 0, [0], "/"),
            Host = facts,
            JoinedNamespaces = any,
        });
    }

    /// <summary>The group of a container's processes below the roots of the cgroup trees.</summary>
    /// <param name="host">--cgroup-parent.</param>
    /// <param name="id">The container's id.</param>
    /// <returns>Such as "/sampan/1f2e".</returns>
    public static string CgroupPath(HostConfig host, string id) =>
        $"{(host.CgroupParent.Length > 0 ? "/" + host.CgroupParent.Trim('/') : DefaultCgroupParent)}/{id}";

    private static RuntimeProcess Process(RuntimeSpecRequest request, SecurityOptions security, string hostname)
    {
        var (config, host) = (request.Config, request.HostConfig);
        return new()
        {
            Terminal = config.Tty,
            Cwd = WorkingDirectory(config.WorkingDir),
            Env = EnvironmentSpecs.Of(config, hostname, request.User.Home),
            Args = Arguments(config),
            Rlimits = UlimitSpecs.Of(host.Ulimits),
            User = new() { Uid = request.User.Uid, Gid = request.User.Gid, AdditionalGids = request.User.Groups },
            Capabilities = Capabilities(host, request),
            NoNewPrivileges = security.NoNewPrivileges,
            OomScoreAdj = host.OomScoreAdj == 0 ? null : host.OomScoreAdj,
        };
    }

    /// <summary>
    /// Effective and permitted only for root, as execve would have it (capabilities(7)); inheritable and ambient for nobody
    /// (CVE-2022-24769).
    /// </summary>
    private static RuntimeCapabilities Capabilities(HostConfig host, RuntimeSpecRequest request)
    {
        var names = CapabilityRequest.Resolve(host.CapAdd, host.CapDrop, host.Privileged, request.Host.Bounding).ToNames();
        IReadOnlyList<string> held = request.User.Uid == 0 ? names : [];
        return new() { Bounding = names, Effective = held, Permitted = held, Inheritable = [], Ambient = [] };
    }

    private static List<string> Arguments(ContainerConfig config)
    {
        List<string> arguments = [.. config.Entrypoint ?? [], .. config.Cmd ?? []];
        return arguments.Count > 0 ? arguments : throw SampanException.InvalidArgument("no command specified");
    }

    private static string WorkingDirectory(string directory)
    {
        if (directory.Length == 0)
        {
            return "/";
        }

        return directory.StartsWith('/')
            ? directory
            : throw SampanException.InvalidArgument($"the working directory '{directory}' is invalid, it needs to be an absolute path");
    }

    // On the host's network a container that was given no name has the host's, as its names resolve there.
    private static string Hostname(RuntimeSpecRequest request)
    {
        var name = request.Config.Hostname;
        var isDefault = name.Length == 0 || (name.Length == 12 && request.Id.StartsWith(name, StringComparison.Ordinal));
        if (isDefault && request.HostConfig.NetworkMode == "host" && FileTree.TryRead("/proc/sys/kernel/hostname") is { } host)
        {
            return Encoding.UTF8.GetString(host).TrimEnd();
        }

        return name.Length > 0 ? name : request.Id[..Math.Min(12, request.Id.Length)];
    }

    // A shared or slave bind lives only below a root that is not private (mount_namespaces(7)).
    private static string? RootPropagation(IReadOnlyList<MountPoint> mounts)
    {
        string? propagation = null;
        foreach (var mount in mounts)
        {
            if (mount.Propagation is "shared" or "rshared")
            {
                return "shared";
            }

            propagation = mount.Propagation is "slave" or "rslave" ? "rslave" : propagation;
        }

        return propagation;
    }
}
