namespace Sampan.Linux.Cgroups;

/// <summary>What an <see cref="OomWatch"/> has seen.</summary>
/// <param name="Count">How often the group ran out of memory since it was last asked.</param>
/// <param name="Ended">Whether the group is gone or empty: nothing more will come.</param>
public readonly record struct OomNotice(long Count, bool Ended);
