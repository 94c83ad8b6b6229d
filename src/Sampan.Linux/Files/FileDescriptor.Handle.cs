using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

public sealed unsafe partial class FileDescriptor
{
    // Linux 6.5: an identity only, which file systems have that cannot open by handle.
    private const int IdentityOnly = 0x200;

    /// <summary>
    /// What tells the file from every other one of its file system, those that had its inode number before too: the number with its
    /// generation (name_to_handle_at(2)).
    /// </summary>
    /// <returns>A few bytes; none where the file system has no such thing.</returns>
    public byte[] Handle()
    {
        const int room = 128;

        // struct file_handle: bytes, type, then the handle.
        var answer = stackalloc byte[8 + room];
        foreach (var flags in (ReadOnlySpan<int>)[EmptyPath, EmptyPath | IdentityOnly])
        {
            *(uint*)answer = room;
            int mount;
            byte empty = 0;
            if (Kernel.Call(SystemCall.NameToHandleAt, Number, (nint)(&empty), (nint)answer, (nint)(&mount), flags) >= 0)
            {
                return new ReadOnlySpan<byte>(answer + 8, (int)*(uint*)answer).ToArray();
            }
        }

        return [];
    }
}
