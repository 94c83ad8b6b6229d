using System.Buffers.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Memory;

/// <summary>
/// Keeps a process that mostly waits small. Pages of executables and libraries that were used at start-up count as resident although the
/// page cache has them anyway: they are dropped from this process's page tables (madvise(2), MADV_DONTNEED) and come back by themselves
/// when touched.
/// </summary>
public static unsafe class ResidentMemory
{
    /// <summary>MADV_DONTNEED.</summary>
    internal const int DontNeed = 4;

    private static (nint Start, nint Length)[]? _clean;

    /// <summary>
    /// Mappings of files without a single private page (smaps(5), "Anonymous: 0"): there every page is what the file has, and nothing can be lost.
    /// </summary>
    /// <exception cref="LinuxException">/proc/self/smaps could not be read.</exception>
    internal static (nint Start, nint Length)[] Clean => _clean ??= [.. FindClean()];

    /// <summary>Drops the clean pages of file mappings. A process that goes to wait afterwards has <see cref="Events.EventLoop.RunOnceSmall"/>.</summary>
    /// <exception cref="LinuxException">/proc/self/smaps could not be read.</exception>
    public static void Trim()
    {
        foreach (var (start, length) in Clean)
        {
            _ = Kernel.Call(SystemCall.Madvise, start, length, DontNeed);
        }
    }

    /// <summary>Gives back what the C library's allocator holds free (malloc_trim(3)); what was freed in the middle of the heap too.</summary>
    public static void TrimHeap() => _ = Libc.MallocTrim(0);

    internal static List<(nint Start, nint Length)> FindClean()
    {
        using var file = FileDescriptor.TryOpen("/proc/self/smaps", OpenFlags.ReadOnly);
        return file is null ? [] : ParseClean(file.ReadToEnd());
    }

    /// <summary>The ranges of read-only file mappings that have no private page.</summary>
    internal static List<(nint Start, nint Length)> ParseClean(ReadOnlySpan<byte> smaps)
    {
        List<(nint Start, nint Length)> clean = [];
        (nint Start, nint Length) current = default;
        while (!smaps.IsEmpty)
        {
            var end = smaps.IndexOf((byte)'\n');
            var line = end < 0 ? smaps : smaps[..end];
            smaps = smaps[(line.Length + (end < 0 ? 0 : 1))..];
            if (TryParseMapping(line, out var mapping))
            {
                current = mapping;
            }
            else if (current.Length > 0 && line.StartsWith("Anonymous:"u8) && line[10..].Trim((byte)' ').SequenceEqual("0 kB"u8))
            {
                clean.Add(current);
            }
        }

        return clean;
    }

    // 55d0c6a00000-55d0c6a4c000 r-xp 00002000 fe:01 1234   /usr/bin/x
    private static bool TryParseMapping(ReadOnlySpan<byte> line, out (nint Start, nint Length) mapping)
    {
        mapping = default;
        var dash = line.IndexOf((byte)'-');
        if (dash <= 0
            || !Utf8Parser.TryParse(line[..dash], out ulong start, out var used, 'x') || used != dash
            || !Utf8Parser.TryParse(line[(dash + 1)..], out ulong end, out used, 'x'))
        {
            return false;
        }

        var access = line[(dash + used + 2)..];
        if (access[0] == (byte)'r' && access[1] == (byte)'-' && access[3] == (byte)'p' && line.Contains((byte)'/'))
        {
            mapping = ((nint)start, (nint)(end - start));
        }

        return true;
    }
}
