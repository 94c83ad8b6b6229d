using System.Buffers.Binary;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Events;

/// <summary>Notice of changes in files and directories (inotify(7)).</summary>
public sealed unsafe class Inotify : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x800 | 0x8_0000;
    private readonly byte[] _buffer = new byte[4096];

    /// <summary>Makes an instance that watches nothing.</summary>
    /// <exception cref="LinuxException">inotify_init1(2) failed; EMFILE when the user has too many (fs.inotify.max_user_instances).</exception>
    public Inotify() =>
        Descriptor = new((int)Kernel.Check(Kernel.Call(SystemCall.InotifyInit1, NonBlockingCloseOnExec), "make inotify"));

    /// <summary>What to poll.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Watches a path.</summary>
    /// <param name="path">File or directory.</param>
    /// <param name="events">What to be told of.</param>
    /// <returns>The watch's number.</returns>
    /// <exception cref="LinuxException">inotify_add_watch(2) failed.</exception>
    public int Watch(string path, InotifyEvents events)
    {
        using var native = Kernel.Native(path);
        return (int)Kernel.Check(Kernel.Call(SystemCall.InotifyAddWatch, Descriptor.Number, native, (nint)(uint)events), "watch", path);
    }

    /// <summary>Watches no more. A watch that is gone with its file is not an error.</summary>
    /// <param name="watch">What <see cref="Watch"/> returned.</param>
    public void Unwatch(int watch) => _ = Kernel.Call(SystemCall.InotifyRmWatch, Descriptor.Number, watch);

    /// <summary>Takes all notices without waiting.</summary>
    /// <returns>The union of what happened; <see cref="InotifyEvents.None"/> when nothing did.</returns>
    /// <exception cref="LinuxException">read(2) failed.</exception>
    public InotifyEvents Drain()
    {
        var all = InotifyEvents.None;
        while (true)
        {
            var length = Descriptor.TryRead(_buffer);
            if (length == -(int)Errno.EAGAIN)
            {
                return all;
            }

            Kernel.Check(length, "read", "inotify");

            // struct inotify_event: wd, mask, cookie, len, name[len].
            for (var offset = 0; offset < length; offset += 16 + BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(offset + 12)))
            {
                all |= (InotifyEvents)BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(offset + 4));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
