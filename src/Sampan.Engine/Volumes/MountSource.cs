using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Volumes;

/// <summary>The file or directory a bind mount or volume shows.</summary>
internal static class MountSource
{
    /// <summary>Opens the subpath of a volume. A container that has the whole volume may swap names in it: the path is resolved once, beneath it.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="detail">With a subpath.</param>
    /// <returns>Opened O_PATH; what it is opened on is what is to be mounted.</returns>
    /// <exception cref="SampanException">InvalidArgument: it is not there, or leads out of the volume.</exception>
    public static FileDescriptor OpenSubpath(MountPoint mount, MountDetail detail)
    {
        using var volume = FileDescriptor.Open(mount.Source, OpenFlags.Path | OpenFlags.Directory);
        return volume.TryOpenBeneath(detail.Subpath, OpenFlags.Path, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks, out var errno)
            ?? throw SampanException.InvalidArgument(
                $"failed to mount subpath '{detail.Subpath}' of volume {mount.Name}: {(errno == Errno.EXDEV ? "it leads out of the volume" : ErrnoText.Describe(errno))}");
    }
}
