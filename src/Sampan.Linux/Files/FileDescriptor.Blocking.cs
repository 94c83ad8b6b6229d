using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

/// <summary>Whether reads and writes wait (fcntl(2), F_SETFL).</summary>
public sealed unsafe partial class FileDescriptor
{
    private const int GetFlags = 3;
    private const int SetFlags = 4;

    /// <summary>Reads and writes return EAGAIN instead of waiting. Holds for every duplicate of this descriptor.</summary>
    /// <exception cref="LinuxException">fcntl(2) failed.</exception>
    public void SetNonBlocking()
    {
        var flags = Kernel.Check(Kernel.Call(SystemCall.Fcntl, handle, GetFlags), "get flags", Describe());
        Kernel.Check(Kernel.Call(SystemCall.Fcntl, handle, SetFlags, flags | (int)OpenFlags.NonBlocking), "set flags", Describe());
    }
}
