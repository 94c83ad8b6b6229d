using Sampan.Linux.Interop;

namespace Sampan.Linux.Cgroups;

/// <summary>A container's group, in every tree it is a member of.</summary>
public abstract class Cgroup
{
    /// <summary>How long a kill or a removal is waited for: processes in uninterruptible sleep can take seconds to die.</summary>
    private protected const int Patience = 10_000;
    private const int KillSignal = 9;

    private protected Cgroup(string path) => Path = path;

    /// <summary>Path below the trees' roots, such as "/sampan/1f2e".</summary>
    public string Path { get; }

    /// <summary>The systemd unit whose group this is; null for a group of nobody else's.</summary>
    public virtual string? Unit => null;

    /// <summary>
    /// Files into which the cloned child writes "0" to join, before it makes its cgroup namespace. These are the "tasks" files of version 1
    /// trees, not cgroup.procs: for a lone thread that moves itself the kernel skips cgroup_threadgroup_rwsem, whose first writer waits for
    /// an RCU grace period (measured: 5 ms against 0.1 ms for nine trees). The writer must be single-threaded. Empty on version 2.
    /// </summary>
    public abstract IReadOnlyList<string> JoinFiles { get; }

    /// <summary>
    /// The cgroup2 directory for clone3(2)'s CLONE_INTO_CGROUP, on version 2 and on hybrid hosts (there it is what makes kill atomic); null
    /// on a host without cgroup2.
    /// </summary>
    public abstract string? CloneDirectory { get; }

    /// <summary>The groups' directories, one per tree.</summary>
    public abstract IReadOnlyList<string> Directories { get; }

    /// <summary>The trees themselves, in the order of <see cref="Directories"/>.</summary>
    public abstract IReadOnlyList<CgroupMount> Trees { get; }

    /// <summary>Whether the kernel has killed a process of this group for want of memory.</summary>
    public bool OomKilled => OomKills > 0;

    /// <summary>How many processes of this group the kernel has killed for want of memory; 0 without the memory controller.</summary>
    public abstract long OomKills { get; }

    /// <summary>What the group uses now. Counters of absent controllers are 0.</summary>
    public abstract CgroupUsage Usage { get; }

    /// <summary>Whether its limits and counters are version 2's.</summary>
    public abstract bool IsUnified { get; }

    /// <summary>Reads one of the group's files.</summary>
    /// <param name="controller">The controller that has the file; on version 1 it names the tree.</param>
    /// <param name="file">The file's name, such as "memory.stat".</param>
    /// <returns>Its text without the last newline; null when the group is not in that tree, or the kernel has no such file.</returns>
    /// <exception cref="LinuxException">It is there and cannot be read.</exception>
    public abstract string? Read(string controller, string file);

    /// <summary>The same, of the group or else of the nearest group above it in that tree: what a limit from above comes to.</summary>
    /// <inheritdoc cref="Read"/>
    public abstract string? ReadInherited(string controller, string file);

    /// <summary>Watches for the group running out of memory.</summary>
    /// <returns>The watch.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: the group has no memory controller.</exception>
    /// <exception cref="LinuxException">The kernel refuses, or the group is gone.</exception>
    public abstract OomWatch WatchOom();

    /// <summary>
    /// Sets limits of a group that may have processes. Where a limit needs a tree the group is not in, the group and its processes are
    /// put there. Device rules replace all that held before, without a moment in which an access both lists allow is refused. When a
    /// limit is refused, those written before it get their former values, except lists by device or interface.
    /// </summary>
    /// <param name="limits">What to set; absent values stay as they are.</param>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.Unavailable"/>: the host lacks the controller or the file, named with a way out.
    /// <see cref="ErrorKind.InvalidArgument"/>: the kernel refuses the value.
    /// </exception>
    /// <exception cref="LinuxException">The kernel refuses the write.</exception>
    public abstract void Apply(CgroupLimits limits);

    /// <summary>
    /// To be called when the container's first process has joined: what held the group open until then (systemd's scopes need a process)
    /// goes. Nothing to do for other groups.
    /// </summary>
    /// <exception cref="SampanException">As <see cref="Apply"/>.</exception>
    public virtual void Settle()
    {
    }

    /// <summary>Kills every process with SIGKILL, frozen ones too, and waits until they are gone.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: some live after ten seconds.</exception>
    public abstract void Kill();

    /// <summary>Sends a signal to every process. They are frozen meanwhile, so that none forks a child the signal misses.</summary>
    /// <param name="signal">Its number.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: the group could not be thawed.</exception>
    /// <exception cref="LinuxException">kill(2) refused, EINVAL where there is no such signal.</exception>
    public void Signal(int signal)
    {
        var staysFrozen = IsFrozen && signal != KillSignal;
        try
        {
            if (!IsFrozen)
            {
                Freeze();
            }
        }
        catch (SampanException error) when (error.Kind == ErrorKind.Unavailable)
        {
            // A process that cannot be stopped, or a host without a freezer: those that are seen get the signal all the same.
        }

        try
        {
            foreach (var pid in Pids())
            {
                var result = Kernel.Call(SystemCall.Kill, pid, signal);
                if (result != -(int)Errno.ESRCH)
                {
                    Kernel.Check(result, $"send signal {signal} to", $"process {pid}");
                }
            }
        }
        finally
        {
            if (!staysFrozen && IsFrozen)
            {
                ThawUnlessGone();
            }
        }
    }

    // Who waits for the end of what was just killed may have removed the group by now.
    private void ThawUnlessGone()
    {
        try
        {
            Thaw();
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            // Nothing is left that could be frozen.
        }
    }

    /// <summary>Whether <see cref="Freeze"/> holds; a frozen group above this one does not count.</summary>
    public abstract bool IsFrozen { get; }

    /// <summary>Stops all processes where they are. When that fails, none is left stopped.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: no freezer, or it did not finish in ten seconds.</exception>
    /// <exception cref="LinuxException">The group is gone, or the kernel refuses.</exception>
    public abstract void Freeze();

    /// <summary>Lets frozen processes go on.</summary>
    /// <inheritdoc cref="Freeze"/>
    public abstract void Thaw();

    /// <summary>Processes of the group and of groups inside it.</summary>
    /// <returns>Process ids as this process's pid namespace numbers them.</returns>
    public abstract IReadOnlyList<int> Pids();

    /// <summary>Removes the group from every tree, killing what is left in it. Nothing happens when it is gone.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: a process would not die.</exception>
    /// <exception cref="LinuxException">rmdir(2) failed for another reason.</exception>
    public abstract void Remove();

    /// <summary>Removes what no process is in; nothing is killed. For a group that may be somebody else's.</summary>
    /// <exception cref="LinuxException">rmdir(2) failed, other than by EBUSY.</exception>
    public void RemoveUnlessUsed()
    {
        foreach (var directory in Directories)
        {
            var errno = new CgroupDirectory(directory).Remove();
            if (errno is not Errno.None and not Errno.EBUSY)
            {
                throw new LinuxException(errno, "remove cgroup", directory);
            }
        }
    }

    private protected static SampanException DidNotFreeze(string directory) =>
        SampanException.Unavailable($"cgroup {directory} did not freeze in {Patience / 1000} s: a process in it waits for the kernel (state D in ps)");

    private protected static SampanException DidNotThaw(string directory) =>
        SampanException.Unavailable($"cgroup {directory} did not thaw in {Patience / 1000} s: a group above it may be frozen");

    private protected static SampanException NoMemoryController(string path) =>
        SampanException.Unavailable($"cannot watch cgroup {path} for want of memory: it has no memory controller");

    private protected static SampanException StillBusy(string directory) =>
        new(ErrorKind.Internal, $"cgroup {directory} still has processes after {Patience / 1000} s: see its cgroup.procs");

    /// <summary>
    /// Writes settings of one directory in an order the kernel accepts. Limits that bound each other (memory and memory with swap; quota,
    /// period and burst) are refused with EINVAL in the wrong order, and which is the wrong one depends on what the group has: what is
    /// refused is tried again after the others, for as long as that helps.
    /// </summary>
    private protected static void Write(string directory, ReadOnlySpan<CgroupSetting> settings)
    {
        using var files = new CgroupWriter(directory);
        List<CgroupSetting>? refused = null;
        foreach (var setting in settings)
        {
            var errno = TryWrite(files, setting);
            if (errno is Errno.EINVAL)
            {
                (refused ??= []).Add(setting);
            }
            else
            {
                Check(errno, directory, setting);
            }
        }

        while (refused is { Count: > 0 })
        {
            var before = refused.Count;
            for (var index = 0; index < refused.Count;)
            {
                var errno = TryWrite(files, refused[index]);
                if (errno is Errno.EINVAL)
                {
                    index++;
                    continue;
                }

                Check(errno, directory, refused[index]);
                refused.RemoveAt(index);
            }

            if (refused.Count == before)
            {
                Check(Errno.EINVAL, directory, refused[0]);
            }
        }
    }

    private static Errno TryWrite(CgroupWriter files, in CgroupSetting setting)
    {
        var errno = files.TryWrite(setting.File, setting.Value);
        if (errno == Errno.ENOENT && setting is { OtherFile: { } file, OtherValue: { } value })
        {
            errno = files.TryWrite(file, value);
        }

        return errno == Errno.ENOENT && setting.Optional ? Errno.None : errno;
    }

    private static void Check(Errno errno, string directory, in CgroupSetting setting)
    {
        var path = directory + "/" + setting.File;
        switch (errno)
        {
            case Errno.None:
                CheckShares(path, setting);
                return;
            case Errno.ENOENT:
                throw SampanException.Unavailable(
                    $"the {setting.Controller} controller of this kernel has no {setting.File}: leave out the option that sets it{Advice(setting.File)}");
            case Errno.EBUSY when setting.File == "memory.limit_in_bytes":
                throw new SampanException(
                    ErrorKind.InvalidArgument,
                    $"unable to set memory limit to {setting.Value} (current usage: {CgroupFile.TryReadNumber(directory + "/memory.usage_in_bytes")}, "
                    + $"peak usage: {CgroupFile.TryReadNumber(directory + "/memory.max_usage_in_bytes")})",
                    new LinuxException(errno, "write", path));
            case Errno.EINVAL or Errno.ERANGE:
                throw new SampanException(
                    ErrorKind.InvalidArgument,
                    $"the kernel refuses {setting.File} = {setting.Value} ({ErrnoText.Describe(errno)})",
                    new LinuxException(errno, "write", path));
            default:
                throw new LinuxException(errno, $"set {setting.File} to {setting.Value} in", directory);
        }
    }

    // The one file whose values the kernel moves into range without a word.
    private static void CheckShares(string path, in CgroupSetting setting)
    {
        if (setting.File == "cpu.shares"
            && long.TryParse(setting.Value, out var asked)
            && CgroupFile.TryReadNumber(path) is { } given
            && given != asked)
        {
            throw SampanException.InvalidArgument($"the {(asked > given ? "maximum" : "minimum")} allowed cpu-shares is {given}");
        }
    }

    private static string Advice(string file) => file switch
    {
        "memory.memsw.limit_in_bytes" or "memory.swap.max" => " (--memory-swap), or boot with swapaccount=1",
        "cpu.cfs_quota_us" or "cpu.cfs_period_us" or "cpu.max" => " (--cpus, --cpu-quota, --cpu-period), or use a kernel with CONFIG_CFS_BANDWIDTH",
        "cpu.rt_runtime_us" or "cpu.rt_period_us" => " (--cpu-rt-runtime, --cpu-rt-period), or use a kernel with CONFIG_RT_GROUP_SCHED",
        _ => "",
    };
}
