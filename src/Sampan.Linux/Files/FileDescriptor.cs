using System.Runtime.InteropServices;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

/// <summary>An open file description, always O_CLOEXEC. Closed on dispose; close(2) errors are not reported, fsync's are.</summary>
public sealed unsafe partial class FileDescriptor : SafeHandle
{
    /// <summary>AT_FDCWD: relative paths start at the working directory (openat(2)).</summary>
    public const int WorkingDirectory = -100;

    /// <summary>Takes ownership of a descriptor number.</summary>
    /// <param name="number">A descriptor of this process.</param>
    /// <param name="owned">False when somebody else closes it.</param>
    public FileDescriptor(int number, bool owned = true)
        : base(-1, owned) => SetHandle(number);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor's number, for a system call's argument.</summary>
    public int Number => (int)handle;

    /// <summary>Opens a path of the host.</summary>
    /// <param name="path">Path; relative to the working directory when not absolute.</param>
    /// <param name="flags">O_ flags; O_CLOEXEC is added.</param>
    /// <param name="mode">Permission bits of a file that is created.</param>
    /// <returns>The open descriptor.</returns>
    /// <exception cref="LinuxException">open(2) failed.</exception>
    public static FileDescriptor Open(string path, OpenFlags flags, int mode = 0) => OpenAt(WorkingDirectory, path, flags, mode);

    /// <summary>Opens a path of the host, or returns null when it is not there (ENOENT, ENOTDIR).</summary>
    /// <inheritdoc cref="Open"/>
    public static FileDescriptor? TryOpen(string path, OpenFlags flags, int mode = 0)
    {
        using var native = Kernel.Native(path);
        var result = OpenRaw(WorkingDirectory, native, flags, mode);
        return result is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR ? null : new((int)Kernel.Check(result, "open", path));
    }

    /// <summary>Opens a path relative to this directory, following links as the host does.</summary>
    /// <param name="path">Path relative to this directory.</param>
    /// <param name="flags">O_ flags; O_CLOEXEC is added.</param>
    /// <param name="mode">Permission bits of a file that is created.</param>
    /// <returns>The open descriptor.</returns>
    /// <exception cref="LinuxException">openat(2) failed.</exception>
    public FileDescriptor OpenAt(string path, OpenFlags flags, int mode = 0) => OpenAt(Number, path, flags, mode);

    /// <summary>
    /// Opens a path with this directory as its root: absolute links and ".." stay inside, magic links are refused. The only way to
    /// reach a path in a tree that a container or an image can shape (CVE-2021-30465, CVE-2018-15664).
    /// </summary>
    /// <param name="path">Path; a leading slash means this directory.</param>
    /// <param name="flags">O_ flags; O_CLOEXEC is added.</param>
    /// <param name="mode">Permission bits of a file that is created.</param>
    /// <param name="resolve">How to resolve; RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS unless told.</param>
    /// <returns>The open descriptor.</returns>
    /// <exception cref="LinuxException">openat2(2) failed.</exception>
    public FileDescriptor OpenBeneath(
        string path,
        OpenFlags flags,
        int mode = 0,
        ResolveFlags resolve = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks) =>
        new((int)Kernel.Check(OpenBeneathRaw(path, flags, mode, resolve), "open", path));

    /// <summary>The same, or null when the path is not there (ENOENT, ENOTDIR).</summary>
    /// <inheritdoc cref="OpenBeneath"/>
    public FileDescriptor? TryOpenBeneath(
        string path,
        OpenFlags flags,
        int mode = 0,
        ResolveFlags resolve = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks)
    {
        var result = OpenBeneathRaw(path, flags, mode, resolve);
        return result is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR ? null : new((int)Kernel.Check(result, "open", path));
    }

    /// <summary>Reads once; may return fewer bytes than asked.</summary>
    /// <param name="buffer">Where to.</param>
    /// <returns>Bytes read, 0 at end of file.</returns>
    /// <exception cref="LinuxException">read(2) failed. EAGAIN too: use <see cref="TryRead"/> on non-blocking descriptors.</exception>
    public int Read(Span<byte> buffer) => (int)Kernel.Check(TryRead(buffer), "read", Describe());

    /// <summary>Reads once, errors as values.</summary>
    /// <param name="buffer">Where to.</param>
    /// <returns>Bytes read, 0 at end of file, or minus the error number (EAGAIN included; EINTR is restarted).</returns>
    public int TryRead(Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            nint result;
            do
            {
                result = Kernel.CallBlocking(SystemCall.Read, handle, (nint)pointer, buffer.Length);
            }
            while (result == -(int)Errno.EINTR);
            return (int)result;
        }
    }

    /// <summary>Writes once, errors as values.</summary>
    /// <param name="buffer">What.</param>
    /// <returns>Bytes written, or minus the error number (EAGAIN included; EINTR is restarted).</returns>
    public int TryWrite(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            nint result;
            do
            {
                result = Kernel.CallBlocking(SystemCall.Write, handle, (nint)pointer, buffer.Length);
            }
            while (result == -(int)Errno.EINTR);
            return (int)result;
        }
    }

    /// <summary>Writes all of it to a blocking descriptor.</summary>
    /// <param name="buffer">What.</param>
    /// <exception cref="LinuxException">write(2) failed.</exception>
    public void WriteAll(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[(int)Kernel.Check(TryWrite(buffer), "write", Describe())..];
        }
    }

    /// <summary>Reads from the current offset to the end.</summary>
    /// <param name="limit">Most bytes that are accepted.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: longer than <paramref name="limit"/>.</exception>
    /// <exception cref="LinuxException">read(2) failed.</exception>
    public byte[] ReadToEnd(int limit = 64 << 20)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var count = Read(buffer.AsSpan(length));
            if (count == 0)
            {
                return buffer.AsSpan(0, length).ToArray();
            }

            length += count;
            if (length > limit)
            {
                throw SampanException.InvalidArgument($"{Describe()}: longer than {limit} bytes");
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    /// <summary>fsync(2).</summary>
    /// <exception cref="LinuxException">fsync(2) failed: the data may not be on disk.</exception>
    public void Synchronize() => Kernel.Check(Kernel.CallBlocking(SystemCall.Fsync, handle), "fsync", Describe());

    /// <summary>A second descriptor of the same open file description (fcntl F_DUPFD_CLOEXEC).</summary>
    /// <param name="lowest">The lowest number it may get.</param>
    /// <returns>The duplicate.</returns>
    /// <exception cref="LinuxException">fcntl(2) failed.</exception>
    public FileDescriptor Duplicate(int lowest = 3) =>
        new((int)Kernel.Check(Kernel.Call(SystemCall.Fcntl, handle, 1030, lowest), "duplicate", Describe()));

    /// <inheritdoc/>
    public override string ToString() => Describe();

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Syscall(SystemCall.Close, handle, 0, 0, 0, 0, 0) == 0;

    private static FileDescriptor OpenAt(int directory, string path, OpenFlags flags, int mode)
    {
        using var native = Kernel.Native(path);
        return new((int)Kernel.Check(OpenRaw(directory, native, flags, mode), "open", path));
    }

    private static nint OpenRaw(int directory, nint path, OpenFlags flags, int mode) =>
        Kernel.Call(SystemCall.OpenAt, directory, path, (flags | OpenFlags.CloseOnExec).ToKernel(), mode);

    private nint OpenBeneathRaw(string path, OpenFlags flags, int mode, ResolveFlags resolve)
    {
        using var native = Kernel.Native(path.Length == 0 ? "." : path);
        var how = new OpenHow((ulong)(uint)(flags | OpenFlags.CloseOnExec).ToKernel(), (ulong)mode, (ulong)resolve);

        // openat2(2): EAGAIN is the kernel's word for "a rename raced with ..": the same question may be asked again.
        for (var attempt = 0; ; attempt++)
        {
            var result = Kernel.Call(SystemCall.OpenAt2, handle, native, (nint)(&how), sizeof(OpenHow));
            if (result != -(int)Errno.EAGAIN || attempt == 128)
            {
                return result;
            }
        }
    }

    private string Describe() => $"descriptor {handle}";
}
