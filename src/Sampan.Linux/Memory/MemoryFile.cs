using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Memory;

/// <summary>Files without a name or a disk (memfd_create(2)).</summary>
public static class MemoryFile
{
    private const int CloseOnExec = 1;
    private const int AllowSealing = 2;
    private const int AddSeals = 1033;
    private const int AllSeals = 1 | 2 | 4 | 8;

    /// <summary>Makes an empty one.</summary>
    /// <param name="name">What /proc shows of it.</param>
    /// <param name="sealable">Seals may be set (F_ADD_SEALS); what is sealed already when that is not asked for is that none may.</param>
    /// <returns>Open for reading and writing.</returns>
    /// <exception cref="LinuxException">memfd_create(2) failed.</exception>
    public static FileDescriptor Create(string name, bool sealable = false)
    {
        using var native = Kernel.Native(name);
        return new((int)Kernel.Check(Kernel.Call(SystemCall.MemfdCreate, native, CloseOnExec | (sealable ? AllowSealing : 0)), "make memory file", name));
    }

    /// <summary>Nobody can change its content or its length any more (fcntl(2), F_ADD_SEALS).</summary>
    /// <param name="file">A sealable one.</param>
    /// <exception cref="LinuxException">fcntl(2) failed.</exception>
    public static void Seal(FileDescriptor file) => Kernel.Check(Kernel.Call(SystemCall.Fcntl, file.Number, AddSeals, AllSeals), "seal memory file");
}
