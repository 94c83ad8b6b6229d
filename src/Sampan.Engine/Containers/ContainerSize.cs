namespace Sampan.Engine.Containers;

/// <summary>What a container's files take, as docker counts: bytes of what is no directory, a file of several names once.</summary>
/// <param name="Written">What it wrote itself: docker's SizeRw.</param>
/// <param name="Total">That and its image: docker's SizeRootFs. 0 with --rootfs, where the engine does not know what was there before.</param>
public readonly record struct ContainerSize(long Written, long Total);
