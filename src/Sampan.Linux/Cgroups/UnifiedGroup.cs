using System.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Cgroups;

/// <summary>
/// A group in a cgroup2 tree and what only such a tree can: kill and freeze all of a subtree at once and say when it is empty. A hybrid
/// host gives the same, so a container gets a group there too even though no controller does.
/// </summary>
/// <param name="path">The group's directory.</param>
internal sealed class UnifiedGroup(string path)
{
    /// <summary>POLLPRI: cgroup.events has changed (cgroup-v2.rst, "cgroup.events").</summary>
    private const short Changed = 2;

    private readonly CgroupDirectory _directory = new(path);

    /// <summary>The group's directory.</summary>
    public CgroupDirectory Directory => _directory;

    /// <summary>Kills every process of the subtree, those that are being forked too.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <returns>Whether the group is empty.</returns>
    /// <exception cref="LinuxException">cgroup.kill refused.</exception>
    public bool Kill(long deadline)
    {
        var errno = CgroupFile.TryWrite(_directory.File("cgroup.kill"), "1");
        return errno switch
        {
            Errno.None => WaitEmpty(deadline),
            // Before Linux 5.14 there is no such file; after a removal there is no such group.
            Errno.ENOENT or Errno.ENODEV => _directory.KillEach(deadline),
            _ => throw new LinuxException(errno, "write 1 to", _directory.File("cgroup.kill")),
        };
    }

    /// <summary>Waits until the subtree has no process.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <returns>Whether it is empty.</returns>
    public bool WaitEmpty(long deadline) => WaitForEvent("populated", 0, deadline);

    /// <summary>Whether the group has been told to freeze; a group above that is frozen does not count.</summary>
    public bool IsFrozen => CgroupFile.TryRead(_directory.File("cgroup.freeze")) == "1";

    /// <summary>Freezes the subtree and waits until it is done; a subtree that does not get there is thawed again.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <returns>Whether it is done.</returns>
    /// <exception cref="LinuxException">cgroup.freeze refused.</exception>
    public bool Freeze(long deadline)
    {
        CgroupFile.Write(_directory.File("cgroup.freeze"), "1");
        if (WaitForEvent("frozen", 1, deadline))
        {
            return true;
        }

        CgroupFile.Write(_directory.File("cgroup.freeze"), "0");
        return false;
    }

    /// <summary>Thaws the subtree and waits until it is done.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <returns>Whether it is done.</returns>
    /// <exception cref="LinuxException">cgroup.freeze refused.</exception>
    public bool Thaw(long deadline)
    {
        CgroupFile.Write(_directory.File("cgroup.freeze"), "0");
        return WaitForEvent("frozen", 0, deadline);
    }

    private bool WaitForEvent(string key, long value, long deadline)
    {
        using var events = FileDescriptor.TryOpen(_directory.File("cgroup.events"), OpenFlags.ReadOnly);
        if (events is null)
        {
            return true;
        }

        // Reading from the start marks the state as seen, so a change between read and poll wakes the poll at once.
        while (ReadEvent(events, key) is { } current && current != value)
        {
            if (!CgroupDirectory.Poll(events.Number, Changed, deadline))
            {
                return ReadEvent(events, key) is not { } last || last == value;
            }
        }

        return true;
    }

    // Null when the group has been removed (ENODEV).
    private static unsafe long? ReadEvent(FileDescriptor events, string key)
    {
        var text = stackalloc byte[256];
        var length = Kernel.Call(SystemCall.Pread64, events.Number, (nint)text, 256, 0);
        return length <= 0 ? null : CgroupFile.FindNumber(Encoding.ASCII.GetString(text, (int)length), key);
    }
}
