using Sampan.Linux.Files;

namespace Sampan.Linux.Cgroups;

/// <summary>
/// Real-time of version 1 groups: a group has what its parent gives away, and a new one has none (sched-rt-group.rst). What the groups below one have
/// may not come to more than its own share, so the groups above must be given theirs first.
/// </summary>
internal static class RealtimeBudget
{
    private const string Runtime = "/cpu.rt_runtime_us";
    private const string Period = "/cpu.rt_period_us";
    private const long DefaultPeriod = 1_000_000;

    // The kernel compares shares in this many parts, rounded down (to_ratio() of sched/core.c).
    private const int ShareBits = 20;

    /// <summary>Gives the groups above one what that one is to have, and what its siblings have. None is given less than it has.</summary>
    /// <param name="mountpoint">The tree of the cpu controller.</param>
    /// <param name="path">The group's path below it; it need not be there yet, and those above it are made.</param>
    /// <param name="runtime">Microseconds it is to have.</param>
    /// <param name="period">Of how many; null is what it has, or the kernel's default.</param>
    /// <returns>To be held until the group has got it: no other takes it meanwhile. Null where nothing is above it but the root.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the root has not so much left.</exception>
    /// <exception cref="LinuxException">A group could not be made or read.</exception>
    public static FileLock? Provide(string mountpoint, string path, long runtime, ulong? period)
    {
        var parent = path[..path.LastIndexOf('/')];
        if (parent.Length == 0)
        {
            return null;
        }

        _ = CgroupFile.MakeDirectory(mountpoint, parent);
        var held = FileLock.AcquireDirectory(mountpoint + parent[..(parent.IndexOf('/', 1) is > 0 and var end ? end : parent.Length)]);
        try
        {
            Raise(mountpoint, parent, path, Share(runtime, (long?)period ?? PeriodOf(mountpoint + path)));
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // The topmost first: each is given only what those above it have.
    private static void Raise(string mountpoint, string group, string child, long share)
    {
        if (group.Length == 0)
        {
            return;
        }

        var directory = mountpoint + group;
        foreach (var entry in FileTree.List(directory))
        {
            var name = $"{directory}/{entry.Name}";
            share += name != mountpoint + child && CgroupFile.TryReadNumber(name + Runtime) is { } runtime ? Share(runtime, PeriodOf(name)) : 0;
        }

        var period = PeriodOf(directory);
        var had = CgroupFile.TryReadNumber(directory + Runtime) ?? 0;
        var needed = ((share * period) + (1 << ShareBits) - 1) >> ShareBits;
        if (had < 0 || had >= needed)
        {
            return;
        }

        Raise(mountpoint, group[..group.LastIndexOf('/')], group, Share(needed, period));
        if (CgroupFile.TryWrite(directory + Runtime, needed.ToString()) is not Errno.None and var errno)
        {
            throw new SampanException(
                ErrorKind.InvalidArgument,
                $"the kernel refuses cpu.rt_runtime_us = {needed} in {directory}, which the group below it needs: the host has not so much real-time left",
                new LinuxException(errno, "write", directory + Runtime));
        }
    }

    private static long Share(long runtime, long period) => runtime <= 0 ? 0 : (runtime << ShareBits) / period;

    private static long PeriodOf(string directory) => CgroupFile.TryReadNumber(directory + Period) is { } period and > 0 ? period : DefaultPeriod;
}
