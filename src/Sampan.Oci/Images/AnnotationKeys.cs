namespace Sampan.Oci.Images;

/// <summary>Annotations of descriptors this engine reads or writes.</summary>
public static class AnnotationKeys
{
    /// <summary>The reference of an image in a layout (image-spec, annotations.md).</summary>
    public const string ReferenceName = "org.opencontainers.image.ref.name";

    /// <summary>containerd's and docker's full name of an image in an archive.</summary>
    public const string ContainerdName = "io.containerd.image.name";
}
