namespace Sampan.Linux.Cgroups;

/// <summary>A rate limit on one block device.</summary>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
/// <param name="Write">Of writes; else of reads.</param>
/// <param name="Operations">Counted in operations per second; else bytes per second.</param>
/// <param name="Rate">The most.</param>
public readonly record struct BlockThrottle(long Major, long Minor, bool Write, bool Operations, ulong Rate);
