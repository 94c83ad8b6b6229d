namespace Sampan.Linux.Cgroups;

/// <summary>What a group uses now.</summary>
/// <param name="MemoryBytes">Memory less the inactive page cache, as docker counts it.</param>
/// <param name="CpuNanoseconds">CPU time since the group was made.</param>
/// <param name="Tasks">Tasks, threads included.</param>
public readonly record struct CgroupUsage(long MemoryBytes, long CpuNanoseconds, long Tasks);
