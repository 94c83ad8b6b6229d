namespace Sampan.Runtime.Launching;

/// <summary>What the container's root is made of.</summary>
public abstract record RootFilesystem
{
    private RootFilesystem()
    {
    }

    /// <summary>An overlay (Documentation/filesystems/overlayfs), mounted by the child in its own mount namespace.</summary>
    /// <param name="Layers">Absolute paths of the read-only layers, bottom first; at least one.</param>
    /// <param name="Upper">Absolute path of the writable layer.</param>
    /// <param name="Work">Absolute path of overlay's work directory, same file system as <paramref name="Upper"/>.</param>
    /// <param name="Mountpoint">Absolute path of an empty directory.</param>
    /// <param name="Volatile">The writable layer need not survive a crash of the host: unmounting then does not sync the whole disk.</param>
    public sealed record Overlay(IReadOnlyList<string> Layers, string Upper, string Work, string Mountpoint, bool Volatile = false) : RootFilesystem
    {
        /// <summary>
        /// Whose the files of the layers are seen to be; null is whose they are. What is written belongs to the ids of who writes it. All layers
        /// lie below the directory of the first, on its file system.
        /// </summary>
        public OwnerMapping? Owners { get; init; }

        /// <summary>
        /// A quota limits the writable layer. An overlay writes with the capabilities it was mounted with (overlayfs.rst, "Permission model"), and ext4
        /// limits nobody who has CAP_SYS_RESOURCE: it is mounted without.
        /// </summary>
        public bool Limited { get; init; }
    }

    /// <summary>An unpacked directory, used as it is.</summary>
    /// <param name="Path">Absolute path.</param>
    public sealed record Directory(string Path) : RootFilesystem
    {
        /// <summary>Whose its files are seen to be, and who those written belong to; null is whose they are.</summary>
        public OwnerMapping? Owners { get; init; }
    }
}
