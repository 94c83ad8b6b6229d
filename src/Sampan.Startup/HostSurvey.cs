using System.Runtime;

namespace Sampan.Startup;

/// <summary>
/// What .NET's runtime would learn of the host before Main, to size its heap: the limits of its control group (/proc/self/mountinfo twice,
/// a line for each mount of the host), the memory nodes, the caches of the processor, thirty files in all. A process that lives for
/// milliseconds, or waits for years in three megabytes, has no use for the answers, so the linker puts these in the place of the questions
/// (--wrap in eng/NativeExecutable.props). They run before the runtime does: no allocation, no static.
/// </summary>
internal static class HostSurvey
{
    /// <summary>Without an answer the host's memory is the limit.</summary>
    [RuntimeExport("__wrap__Z16InitializeCGroupv")]
    public static void SkipMemoryLimit()
    {
        // Nothing found.
    }

    /// <summary>Without an answer the processors are those of sched_getaffinity(2).</summary>
    [RuntimeExport("__wrap__Z19InitializeCpuCGroupv")]
    public static void SkipProcessorLimit()
    {
        // Nothing found.
    }

    /// <summary>Without an answer there is one node.</summary>
    [RuntimeExport("__wrap__Z21NUMASupportInitializev")]
    public static void SkipMemoryNodes()
    {
        // Nothing found.
    }

    /// <summary>The size of the processor's largest cache, which is about what is allocated between two collections.</summary>
    /// <param name="trueSize">Whether threads that share it are left out of account.</param>
    /// <returns>Bytes.</returns>
    [RuntimeExport("__wrap__ZN15GCToOSInterface25GetCacheSizePerLogicalCpuEb")]
    public static nint CacheSize(byte trueSize) => 4 << 20;
}
