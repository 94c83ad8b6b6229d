namespace Sampan.Images.Tar;

/// <summary>A stretch of data in a sparse file.</summary>
/// <param name="Offset">Where it starts in the file.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct SparseExtent(long Offset, long Length);
