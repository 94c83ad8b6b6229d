using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Images.Tar;

/// <summary>One entry of an archive: header, pax records and GNU extensions already merged.</summary>
internal sealed class TarEntry
{
    public TarEntryType Type { get; set; }

    /// <summary>Path as it stands in the archive: bytes, not text.</summary>
    public FileName Name { get; set; }

    /// <summary>Target of a hard or symbolic link.</summary>
    public FileName LinkName { get; set; }

    /// <summary>Permission, set-id and sticky bits.</summary>
    public int Permissions { get; set; }

    public uint UserId { get; set; }

    public uint GroupId { get; set; }

    public TimeSpec Modified { get; set; }

    public uint DeviceMajor { get; set; }

    public uint DeviceMinor { get; set; }

    /// <summary>Bytes of the file.</summary>
    public long Size { get; set; }

    /// <summary>Bytes of the entry in the archive; less than <see cref="Size"/> for sparse files.</summary>
    public long StoredSize { get; set; }

    /// <summary>Where the stored bytes belong, ascending; null when the file is not sparse.</summary>
    public IReadOnlyList<SparseExtent>? Extents { get; set; }

    /// <summary>Extended attributes.</summary>
    public IReadOnlyList<KeyValuePair<FileName, byte[]>> Attributes { get; set; } = [];
}
