namespace Sampan.Oci.Images;

/// <summary>One image in the manifest.json of a docker archive (docker image specification 1.2, "Combined Image JSON + Filesystem Changeset Format").</summary>
public sealed record DockerArchiveItem
{
    /// <summary>Path of the configuration in the archive.</summary>
    public string? Config { get; set; }

    /// <summary>Familiar references: busybox:latest.</summary>
    public IReadOnlyList<string>? RepoTags { get; set; }

    /// <summary>Paths of the layers in the archive, bottom first.</summary>
    public IReadOnlyList<string>? Layers { get; set; }
}
