namespace Sampan.Engine.Explanations;

/// <summary>Where a mount's path leads in the container now.</summary>
/// <param name="MountId">Number of the mount that is there.</param>
/// <param name="IsSource">Whether it shows the file that its source is on the host now; null where there is nothing to compare with.</param>
public readonly record struct MountPlace(int MountId, bool? IsSource);
