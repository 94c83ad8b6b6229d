namespace Sampan.Images;

/// <summary>What a layer is compressed with (image-spec, layer.md).</summary>
public enum LayerCompression
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>gzip, which every engine reads.</summary>
    Gzip,

    /// <summary>zstd: smaller and faster; engines since 2021 read it.</summary>
    Zstandard,
}
