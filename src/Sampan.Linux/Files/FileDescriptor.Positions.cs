using System.Runtime.InteropServices;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

public sealed unsafe partial class FileDescriptor
{
    /// <summary>Moves the offset (lseek(2)).</summary>
    /// <param name="offset">Bytes.</param>
    /// <param name="origin">From where.</param>
    /// <returns>The new offset from the beginning.</returns>
    /// <exception cref="LinuxException">lseek(2) failed: ESPIPE on pipes and terminals.</exception>
    public long Seek(long offset, SeekOrigin origin) =>
        Kernel.Check(Kernel.Call(SystemCall.Lseek, handle, (nint)offset, (nint)origin), "seek", Describe());

    /// <summary>The start of the next stretch of data or hole (lseek(2), SEEK_DATA and SEEK_HOLE). Moves the offset.</summary>
    /// <param name="offset">Where to look from.</param>
    /// <param name="hole">Look for a hole rather than for data.</param>
    /// <returns>The offset, or null when there is none up to the end.</returns>
    /// <exception cref="LinuxException">lseek(2) failed.</exception>
    public long? SeekNext(long offset, bool hole)
    {
        var result = Kernel.Call(SystemCall.Lseek, handle, (nint)offset, hole ? 4 : 3);
        return result == -(int)Errno.ENXIO ? null : Kernel.Check(result, "seek", Describe());
    }

    /// <summary>Sets the length; what is added reads as zeros (ftruncate(2)).</summary>
    /// <param name="length">Bytes.</param>
    /// <exception cref="LinuxException">ftruncate(2) failed.</exception>
    public void SetLength(long length) => Kernel.Check(Kernel.Call(SystemCall.Ftruncate, handle, (nint)length), "set length", Describe());

    /// <summary>Reads at an offset without moving it (pread(2)).</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">From where.</param>
    /// <returns>Bytes read, 0 at end of file.</returns>
    /// <exception cref="LinuxException">pread(2) failed.</exception>
    public int ReadAt(Span<byte> buffer, long offset)
    {
        fixed (byte* pointer = buffer)
        {
            nint result;
            do
            {
                result = Kernel.CallBlocking(SystemCall.Pread64, handle, (nint)pointer, buffer.Length, (nint)offset);
            }
            while (result == -(int)Errno.EINTR);
            return (int)Kernel.Check(result, "read", Describe());
        }
    }

    /// <summary>Writes the whole file system of this file to disk (syncfs(2)): cheaper than an fsync for each of thousands of files.</summary>
    /// <exception cref="LinuxException">syncfs(2) failed: the data may not be on disk.</exception>
    public void SynchronizeFileSystem() =>
        Kernel.Check(
            Kernel.CallBlocking(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 267 : 306, handle),
            "syncfs",
            Describe());
}
