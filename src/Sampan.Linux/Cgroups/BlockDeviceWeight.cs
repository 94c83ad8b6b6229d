namespace Sampan.Linux.Cgroups;

/// <summary>The share of one block device's time a group gets.</summary>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
/// <param name="Weight">10 to 1000; null leaves it alone.</param>
/// <param name="LeafWeight">The same against groups inside the group, version 1 only; null leaves it alone.</param>
public readonly record struct BlockDeviceWeight(long Major, long Minor, ushort? Weight, ushort? LeafWeight);
