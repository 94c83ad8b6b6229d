namespace Sampan.Images;

/// <summary>Formats of image archives.</summary>
public enum ArchiveFormat
{
    /// <summary>What docker save writes since version 25: an OCI layout with docker's manifest.json added, readable by old and new.</summary>
    Docker,

    /// <summary>An OCI image layout alone.</summary>
    Oci,
}
