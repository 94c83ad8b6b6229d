using Sampan.Linux.Files;

namespace Sampan.Linux.Cgroups;

/// <summary>The host's cgroup trees behind one interface.</summary>
public abstract class CgroupHierarchy
{
    private protected CgroupHierarchy(CgroupVersion version) => Version = version;

    /// <summary>How the host arranges groups.</summary>
    public CgroupVersion Version { get; }

    /// <summary>Whether memory and swap can be limited together (--memory-swap).</summary>
    public abstract bool HasSwapLimit { get; }

    /// <summary>Looks at what is mounted. Costs one read of /proc/self/mountinfo.</summary>
    /// <param name="mountRoot">Where cgroup trees are mounted.</param>
    /// <returns>The trees.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: nothing is mounted there.</exception>
    public static CgroupHierarchy Detect(string mountRoot = "/sys/fs/cgroup") => Of(CgroupMounts.Read(mountRoot), mountRoot);

    /// <summary>The trees as <see cref="Detect"/> finds them, with other groups for their roots.</summary>
    /// <param name="bases">A group's path by the name of its tree (<see cref="CgroupMount.Name"/>); trees without one keep their own root.</param>
    /// <param name="mountRoot">Where cgroup trees are mounted.</param>
    /// <returns>The trees; paths are below those groups.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: nothing is mounted there.</exception>
    public static CgroupHierarchy DetectBelow(IReadOnlyDictionary<string, string> bases, string mountRoot = "/sys/fs/cgroup")
    {
        var mounts = CgroupMounts.Read(mountRoot);
        for (var index = 0; index < mounts.Count; index++)
        {
            if (bases.TryGetValue(mounts[index].Name, out var path))
            {
                mounts[index] = mounts[index] with { Mountpoint = mounts[index].Mountpoint + path };
            }
        }

        return Of(mounts, mountRoot);
    }

    /// <summary>The trees, in mount order.</summary>
    public abstract IReadOnlyList<CgroupMount> Trees { get; }

    /// <summary>Whether a controller can be used.</summary>
    /// <param name="controller">Its name: cpu, cpuset, memory, pids, devices, blkio or io, hugetlb, freezer.</param>
    /// <returns>True when it can.</returns>
    public abstract bool Has(string controller);

    /// <summary>Makes a container's group with its limits. Nothing is left behind when it fails.</summary>
    /// <param name="path">Path below the trees' roots, such as "/sampan/1f2e"; groups above it are made as needed.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="forEngine">
    /// The group of an OCI container whose engine looks after it: it is in every tree, since the engine reads statistics there, and a group
    /// the engine has made already is taken over as long as no process is in it.
    /// </param>
    /// <returns>The group, empty.</returns>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.Unavailable"/>: a limit's controller is missing; <see cref="ErrorKind.Conflict"/>: a group of this path has
    /// processes; <see cref="ErrorKind.InvalidArgument"/>: the path has a ".." or the kernel refuses a value.
    /// </exception>
    /// <exception cref="LinuxException">mkdir(2) or a write failed.</exception>
    public abstract Cgroup Create(string path, CgroupLimits limits, bool forEngine = false);

    /// <summary>A group that was made before, perhaps by a process that has died. Trees it is not in are left out.</summary>
    /// <param name="path">Its path, as given to <see cref="Create"/>.</param>
    /// <returns>The group; empty of trees when it does not exist.</returns>
    public abstract Cgroup Open(string path);

    /// <summary>Gives the groups above one the real-time that one is to have. On version 2, which has no such limits, nothing is done.</summary>
    /// <param name="path">The group's path; it need not be there yet.</param>
    /// <param name="limits">Its limits.</param>
    /// <returns>To be held until the group has its limits; null where nothing was to be given.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the host has not so much left.</exception>
    public virtual FileLock? ProvideRealtime(string path, CgroupLimits limits) => null;

    /// <summary>The group <see cref="Create"/> would make, for --explain; nothing is made.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="limits">Its limits: they decide in which trees it is.</param>
    /// <returns>The group; its directories need not exist.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: a limit's controller is missing.</exception>
    public abstract Cgroup Foresee(string path, CgroupLimits limits);

    /// <summary>What <see cref="Create"/> would write, for --explain.</summary>
    /// <param name="limits">Limits.</param>
    /// <returns>Settings in order.</returns>
    public abstract IReadOnlyList<CgroupSetting> Explain(CgroupLimits limits);

    /// <summary>Takes over a group somebody else has made in some trees, makes it in those that its limits need, and limits it.</summary>
    /// <param name="path">Its path below the trees' roots.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="named">Trees without a controller it is in besides.</param>
    /// <returns>The group.</returns>
    internal abstract Cgroup Adopt(string path, CgroupLimits limits, IReadOnlyList<CgroupMount> named);

    /// <summary>As <see cref="Open"/>, with trees without a controller.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="named">Those trees.</param>
    /// <returns>The group.</returns>
    internal abstract Cgroup OpenWith(string path, IReadOnlyList<CgroupMount> named);

    /// <summary>Chooses by what is mounted.</summary>
    /// <param name="mounts">The trees.</param>
    /// <param name="mountRoot">Where they were looked for.</param>
    /// <returns>The hierarchy.</returns>
    internal static CgroupHierarchy Of(IReadOnlyList<CgroupMount> mounts, string mountRoot)
    {
        CgroupMount? unified = null;
        List<CgroupMount>? named = null;
        var trees = new List<CgroupMount>(mounts.Count);
        foreach (var mount in mounts)
        {
            if (mount.Unified)
            {
                unified = mount;
            }
            else if (mount.Controllers.Count > 0 && mount.Controllers[0].StartsWith("name=", StringComparison.Ordinal))
            {
                (named ??= []).Add(mount);
            }
            else if (mount.Controllers.Count > 0)
            {
                trees.Add(mount);
            }
        }

        if (trees.Count > 0)
        {
            // A tree without a controller limits nothing, but has a release agent as the others have.
            trees.AddRange(named ?? []);
            return new CgroupV1Hierarchy(trees, unified);
        }

        return unified is not null
            ? new CgroupV2Hierarchy(unified)
            : throw SampanException.Unavailable($"no cgroup tree is mounted below {mountRoot}: mount -t cgroup2 cgroup2 /sys/fs/cgroup");
    }

    private protected static void CheckPath(string path)
    {
        if (path.Length < 2 || path[0] != '/' || path.EndsWith('/') || path.Contains("//", StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument($"cgroup path \"{path}\": not an absolute path below the root group");
        }

        foreach (var range in path.AsSpan(1).Split('/'))
        {
            if (path.AsSpan(1)[range] is "." or "..")
            {
                throw SampanException.InvalidArgument($"cgroup path \"{path}\": may not contain \".\" or \"..\"");
            }
        }
    }

    /// <summary>A limit whose controller the host lacks.</summary>
    /// <param name="setting">The setting.</param>
    /// <returns>The error.</returns>
    internal static SampanException Missing(CgroupSetting setting) =>
        SampanException.Unavailable(
            $"cannot set {setting.File} to {setting.Value}: this host has no {setting.Controller} cgroup controller; leave the option out, "
            + $"or boot without cgroup_disable={setting.Controller} and mount the controller");

    /// <summary>Makes a directory afresh: one left by a crash keeps its old limits, so it goes first.</summary>
    private protected static void MakeFresh(string mountpoint, string path, bool takeOver)
    {
        if (CgroupFile.MakeDirectory(mountpoint, path) != Errno.EEXIST)
        {
            return;
        }

        if (takeOver && (CgroupFile.TryRead(mountpoint + path + "/freezer.state") is "FROZEN" or "FREEZING" || CgroupFile.TryRead(mountpoint + path + "/cgroup.freeze") == "1"))
        {
            // Whoever joins it hangs until somebody thaws it, and not even SIGKILL helps on version 1.
            throw SampanException.Conflict($"cgroup {mountpoint + path} exists and is frozen: thaw it, or choose another path");
        }

        if (takeOver && string.IsNullOrEmpty(CgroupFile.TryRead(mountpoint + path + "/cgroup.procs")))
        {
            return;
        }

        var errno = new CgroupDirectory(mountpoint + path).Remove();
        if (errno == Errno.EBUSY)
        {
            throw SampanException.Conflict($"cgroup {mountpoint + path} exists and has processes: stop them, or choose another id");
        }

        if (errno != Errno.None)
        {
            throw new LinuxException(errno, "remove stale cgroup", mountpoint + path);
        }

        CgroupFile.MakeDirectory(mountpoint, path);
    }
}
