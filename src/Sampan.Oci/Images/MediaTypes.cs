namespace Sampan.Oci.Images;

/// <summary>Media types of image documents (image-spec, media-types.md) and docker's older names for the same things.</summary>
public static class MediaTypes
{
    /// <summary>An image index.</summary>
    public const string Index = "application/vnd.oci.image.index.v1+json";

    /// <summary>An image manifest.</summary>
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>An image configuration.</summary>
    public const string Config = "application/vnd.oci.image.config.v1+json";

    /// <summary>A layer, tar.</summary>
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>A layer, tar in gzip.</summary>
    public const string LayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>A layer, tar in zstd.</summary>
    public const string LayerZstandard = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// <summary>Docker's layer, tar.</summary>
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    /// <summary>Docker's layer, tar in gzip.</summary>
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>Docker's manifest list.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Docker's manifest, version 2 schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker's image configuration.</summary>
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>Whether it names an image's configuration.</summary>
    /// <param name="mediaType">The media type.</param>
    /// <returns>True when it does.</returns>
    public static bool IsConfig(string? mediaType) => mediaType is Config or DockerConfig;

    /// <summary>Whether it names an index or a manifest list.</summary>
    /// <param name="mediaType">The media type.</param>
    /// <returns>True when it does.</returns>
    public static bool IsIndex(string? mediaType) => mediaType is Index or DockerManifestList;

    /// <summary>Whether it names a layer that is not for distribution: who has it got it elsewhere, and nobody pushes it (image-spec, layer.md, "Non-Distributable Layers").</summary>
    /// <param name="mediaType">The media type.</param>
    /// <returns>True when it does.</returns>
    public static bool IsForeign(string? mediaType) =>
        mediaType is not null
        && (mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.v1.tar", StringComparison.Ordinal)
            || mediaType.StartsWith("application/vnd.docker.image.rootfs.foreign.diff.tar", StringComparison.Ordinal));

    /// <summary>Whether it names a layer of an image, however packed (image-spec, media-types.md).</summary>
    /// <param name="mediaType">The media type.</param>
    /// <returns>True when it does, or there is none that says otherwise.</returns>
    public static bool IsLayer(string? mediaType) =>
        string.IsNullOrEmpty(mediaType)
        || mediaType.StartsWith("application/vnd.oci.image.layer.", StringComparison.Ordinal)
        || mediaType.StartsWith("application/vnd.docker.image.rootfs.", StringComparison.Ordinal);

    /// <summary>Whether it names an image manifest.</summary>
    /// <param name="mediaType">The media type.</param>
    /// <returns>True when it does.</returns>
    public static bool IsManifest(string? mediaType) => mediaType is Manifest or DockerManifest;
}
