using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

/// <summary>
/// A flock(2) on a file. It ends with the last descriptor of the open file description, thus with the process, however it dies: a lock
/// that is free tells that its owner is gone.
/// </summary>
public sealed class FileLock : IDisposable
{
    private const int SharedLock = 1;
    private const int ExclusiveLock = 2;
    private const int NonBlocking = 4;

    private FileLock(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>The locked file.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Waits for the lock. The file is made when it is missing.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="shared">Let other shared holders in.</param>
    /// <returns>The lock; dispose to release.</returns>
    /// <exception cref="LinuxException">open(2) or flock(2) failed.</exception>
    public static FileLock Acquire(string path, bool shared = false)
    {
        var descriptor = Open(path);
        try
        {
            Lock(descriptor, !shared);
            return new(descriptor);
        }
        catch (LinuxException)
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the lock of a directory, which needs no lock file in it.</summary>
    /// <param name="path">The directory.</param>
    /// <returns>The lock; dispose to release.</returns>
    /// <exception cref="LinuxException">open(2) or flock(2) failed.</exception>
    public static FileLock AcquireDirectory(string path)
    {
        var descriptor = FileDescriptor.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        try
        {
            Lock(descriptor, exclusive: true);
            return new(descriptor);
        }
        catch (LinuxException)
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock if it is free. The file is made when it is missing.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="shared">Let other shared holders in.</param>
    /// <returns>The lock, or null when somebody holds it.</returns>
    /// <exception cref="LinuxException">open(2) or flock(2) failed otherwise.</exception>
    public static FileLock? TryAcquire(string path, bool shared = false)
    {
        var descriptor = Open(path);
        if (TryLock(descriptor, !shared))
        {
            return new(descriptor);
        }

        descriptor.Dispose();
        return null;
    }

    /// <summary>Whether somebody holds the lock. A file that is missing is not locked.</summary>
    /// <param name="path">The lock file.</param>
    /// <returns>True when an exclusive or shared lock is held.</returns>
    /// <exception cref="LinuxException">open(2) or flock(2) failed.</exception>
    public static bool IsHeld(string path)
    {
        using var descriptor = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly);
        return descriptor is not null && !TryLock(descriptor, exclusive: true);
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => Descriptor.Dispose();

    internal static void Lock(FileDescriptor descriptor, bool exclusive)
    {
        nint result;
        do
        {
            result = Kernel.CallBlocking(SystemCall.Flock, descriptor.Number, exclusive ? ExclusiveLock : SharedLock);
        }
        while (result == -(int)Errno.EINTR);
        Kernel.Check(result, "lock", descriptor.ToString());
    }

    private static bool TryLock(FileDescriptor descriptor, bool exclusive)
    {
        var result = Kernel.Call(SystemCall.Flock, descriptor.Number, NonBlocking | (exclusive ? ExclusiveLock : SharedLock));
        if (result == -(int)Errno.EAGAIN)
        {
            return false;
        }

        Kernel.Check(result, "lock", descriptor.ToString());
        return true;
    }

    private static FileDescriptor Open(string path) => FileDescriptor.Open(path, OpenFlags.ReadWrite | OpenFlags.Create, 0x180);
}
