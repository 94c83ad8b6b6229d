using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Storage;

/// <summary>flock(2) on an open directory itself; let go when the descriptor is closed.</summary>
internal static class DirectoryLock
{
    private const int ExclusiveNonBlocking = 2 | 4;

    public static bool TryTake(FileDescriptor directory)
    {
        var result = Kernel.Call(SystemCall.Flock, directory.Number, ExclusiveNonBlocking);
        return result != -(int)Errno.EAGAIN && Kernel.Check(result, "lock", "directory") == 0;
    }
}
