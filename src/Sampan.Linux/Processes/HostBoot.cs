using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Linux.Processes;

/// <summary>This life of the host.</summary>
public static class HostBoot
{
    private static string? _id;

    /// <summary>A random text the kernel makes at every boot (random(4), boot_id); empty where /proc does not show it.</summary>
    public static string Id => _id ??= Read();

    private static string Read()
    {
        using var file = FileDescriptor.TryOpen("/proc/sys/kernel/random/boot_id", OpenFlags.ReadOnly);
        Span<byte> text = stackalloc byte[64];
        var count = file?.TryRead(text) ?? 0;
        return count > 0 ? Encoding.ASCII.GetString(text[..count].TrimEnd((byte)'\n')) : "";
    }
}
