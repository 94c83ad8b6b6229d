using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Tests.Storage;

/// <summary>A file system of 64 KiB.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
        using var type = Kernel.Native("tmpfs");
        using var target = Kernel.Native(path);
        using var options = Kernel.Native("size=64k");
        Kernel.Check(Kernel.Call(SystemCall.Mount, type, target, type, 0, options), "mount", path);
    }

    public string Path { get; }

    public void Dispose()
    {
        const int detach = 2;
        using var target = Kernel.Native(Path);
        Kernel.Check(Kernel.Call(SystemCall.Umount2, target, detach), "unmount", Path);
        FileTree.Remove(Path);
    }
}
