namespace Sampan.Engine.Storage;

/// <summary>A line of docker system df.</summary>
/// <param name="Type">Images, Containers, Local Volumes or Build Cache.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Active">How many are in use: by a container, or running.</param>
/// <param name="Size">Bytes of all; a layer that images share counts once.</param>
/// <param name="Reclaimable">Bytes that removing what is not in use would free.</param>
public readonly record struct DiskUsage(string Type, int Total, int Active, long Size, long Reclaimable);
