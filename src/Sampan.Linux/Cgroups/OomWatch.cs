using System.Buffers.Binary;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Cgroups;

/// <summary>
/// Notice of a group that runs out of memory, as a descriptor to poll: an eventfd on version 1 (admin-guide/cgroup-v1/memory.rst, "10. OOM
/// Control"), inotify on version 2 (cgroup-v2.rst, "memory.events").
/// </summary>
public sealed class OomWatch : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x800 | 0x8_0000;

    private readonly Inotify? _inotify;
    private readonly CgroupDirectory _directory;
    private long _seen;

    private OomWatch(CgroupDirectory directory, FileDescriptor descriptor, Inotify? inotify)
    {
        _directory = directory;
        _inotify = inotify;
        Descriptor = descriptor;
    }

    /// <summary>What to poll for reading.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Takes what has happened, without waiting.</summary>
    /// <returns>Count and end.</returns>
    /// <exception cref="LinuxException">A read failed.</exception>
    public OomNotice Drain() => _inotify is null ? DrainCounter() : DrainNotices(_inotify);

    /// <inheritdoc/>
    public void Dispose()
    {
        Descriptor.Dispose();
        _inotify?.Dispose();
    }

    /// <summary>Watches a version 1 group.</summary>
    /// <param name="directory">Its directory in the memory tree.</param>
    /// <returns>The watch.</returns>
    /// <exception cref="LinuxException">The group is gone, or the kernel refuses.</exception>
    internal static OomWatch OfTree(CgroupDirectory directory)
    {
        var counter = new FileDescriptor((int)Kernel.Check(Kernel.Call(SystemCall.Eventfd2, 0, NonBlockingCloseOnExec), "make eventfd"));
        try
        {
            using var control = FileDescriptor.Open(directory.File("memory.oom_control"), OpenFlags.ReadOnly);
            CgroupFile.Write(directory.File("cgroup.event_control"), $"{counter.Number} {control.Number}");
            return new(directory, counter, null);
        }
        catch (LinuxException)
        {
            counter.Dispose();
            throw;
        }
    }

    /// <summary>Watches a version 2 group.</summary>
    /// <param name="directory">Its directory.</param>
    /// <returns>The watch.</returns>
    /// <exception cref="LinuxException">The group is gone, has no memory controller, or the user has too many watches.</exception>
    internal static OomWatch OfUnified(CgroupDirectory directory)
    {
        var inotify = new Inotify();
        try
        {
            inotify.Watch(directory.File("memory.events"), InotifyEvents.Modified);
            inotify.Watch(directory.File("cgroup.events"), InotifyEvents.Modified);
            return new(directory, inotify.Descriptor, inotify) { _seen = Kills(directory) ?? 0 };
        }
        catch (LinuxException)
        {
            inotify.Dispose();
            throw;
        }
    }

    private static long? Kills(CgroupDirectory directory) => CgroupFile.TryReadNumber(directory.File("memory.events"), "oom_kill");

    private OomNotice DrainCounter()
    {
        Span<byte> count = stackalloc byte[8];
        var length = Descriptor.TryRead(count);
        if (length == -(int)Errno.EAGAIN)
        {
            return default;
        }

        Kernel.Check(length, "read", "eventfd");

        // The removal of the group is one more event.
        var ended = !Directory.Exists(_directory.Path);
        return new(BinaryPrimitives.ReadInt64LittleEndian(count) - (ended ? 1 : 0), ended);
    }

    private OomNotice DrainNotices(Inotify inotify)
    {
        inotify.Drain();
        var populated = CgroupFile.TryReadNumber(_directory.File("cgroup.events"), "populated");
        var kills = Kills(_directory);
        var count = kills - _seen ?? 0;
        _seen = kills ?? _seen;
        return new(count, populated is null or 0 || kills is null);
    }
}
