using Sampan.Images.Tar;
using Sampan.Linux.Files;

namespace Sampan.Images.Trees;

/// <summary>Where a file has data (lseek(2), SEEK_DATA): what it has none of is neither read nor stored.</summary>
internal static class FileExtents
{
    /// <summary>Writes size and pieces of a file into its header.</summary>
    /// <returns>The pieces to store; one of the whole size for a file without holes.</returns>
    public static IReadOnlyList<SparseExtent> Fill(TarEntry entry, FileDescriptor file, FileStatus status)
    {
        List<SparseExtent> extents = [new(0, status.Size)];
        entry.Size = status.Size;
        if (status.Blocks * TarHeader.BlockSize < status.Size && Find(file, status.Size) is { } found)
        {
            entry.Extents = extents = found;
        }

        foreach (var extent in extents)
        {
            entry.StoredSize += extent.Length;
        }

        return extents;
    }

    /// <returns>Null when the file has no holes after all.</returns>
    private static List<SparseExtent>? Find(FileDescriptor file, long size)
    {
        List<SparseExtent> extents = [];
        long offset = 0;
        while (offset < size && file.SeekNext(offset, hole: false) is { } data && data < size)
        {
            var hole = Math.Min(file.SeekNext(data, hole: true) ?? size, size);
            extents.Add(new(data, hole - data));
            offset = hole;
        }

        if (extents.Count == 1 && extents[0].Length == size)
        {
            return null;
        }

        if (offset < size)
        {
            // GNU tar takes the end of the last piece for the end of the file, so a hole at the end needs an empty piece behind it.
            extents.Add(new(size, 0));
        }

        return extents;
    }
}
