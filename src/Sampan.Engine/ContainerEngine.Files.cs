using Sampan.Engine.Containers;
using Sampan.Engine.Files;
using Sampan.Images;
using Sampan.Images.Layers;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Copies a file or directory of a container, running or not, to the host.</summary>
    /// <param name="container">Which.</param>
    /// <param name="path">Path in the container; relative to its root.</param>
    /// <param name="target">Absolute path of the host, its trailing slash or dot kept.</param>
    /// <param name="options">How.</param>
    /// <returns>Bytes of an archive of the same.</returns>
    /// <exception cref="SampanException">NotFound: no such path. InvalidArgument: source and target do not fit, in docker's words.</exception>
    /// <exception cref="LinuxException">The kernel refused: disk full, read-only.</exception>
    public long CopyOut(Container container, string path, string target, CopyOptions options)
    {
        using var root = ContainerRoot.Open(Paths, container);
        using var inside = FileTreeView.Of(root);
        using var outside = FileTreeView.OfHost();
        var source = FindInside(container, inside, path, options.FollowLink);
        using var pinned = source.Pinned;
        var place = outside.FindTarget(target);
        RefuseDevice(place, $"invalid output path: \"{target}\"");
        var (directoryPath, name) = place.Place(source);
        using var directory = outside.TryOpenDirectory(directoryPath)
            ?? throw SampanException.NotFound($"invalid output path: directory \"{directoryPath}\" does not exist");
        var length = TreeCopy.ToDirectory(pinned, name, directory, options.KeepOwner ? CopyOwner.Kept : CopyOwner.Caller, container.IdMap?.ToContainer);
        root.RequireWhole();
        return length;
    }

    /// <summary>Writes a file or directory of a container as a tar archive.</summary>
    /// <param name="container">Which.</param>
    /// <param name="path">Path in the container.</param>
    /// <param name="output">Where to.</param>
    /// <param name="options">How.</param>
    /// <exception cref="SampanException">NotFound: no such path.</exception>
    /// <exception cref="LinuxException">The kernel refused; EPIPE when the reader is gone.</exception>
    public void CopyOut(Container container, string path, Stream output, CopyOptions options)
    {
        using var root = ContainerRoot.Open(Paths, container);
        using var inside = FileTreeView.Of(root);
        var source = FindInside(container, inside, path, options.FollowLink);
        using var pinned = source.Pinned;
        TreeCopy.ToArchive(pinned, source.Name, output, container.IdMap?.ToContainer);
        root.RequireWhole();
    }

    /// <summary>Copies a file or directory of the host into a container, running or not.</summary>
    /// <param name="container">Which.</param>
    /// <param name="source">Absolute path of the host, its trailing slash or dot kept.</param>
    /// <param name="path">Path in the container.</param>
    /// <param name="options">How; owners are always those of the source, as with docker.</param>
    /// <returns>Bytes of an archive of the same.</returns>
    /// <exception cref="SampanException">NotFound: no such path. InvalidArgument: source and target do not fit, in docker's words.</exception>
    /// <exception cref="LinuxException">The kernel refused: disk full.</exception>
    public long CopyIn(Container container, string source, string path, CopyOptions options)
    {
        using var outside = FileTreeView.OfHost();
        var found = outside.FindSource(source, options.FollowLink)
            ?? throw SampanException.NotFound($"lstat {source}: no such file or directory");
        using var pinned = found.Pinned;
        using var root = ContainerRoot.Open(Paths, container);
        using var inside = FileTreeView.Of(root);
        var target = inside.FindTarget(path);
        RefuseDevice(target, $"destination \"{container.Name}:{path}\"");
        var (directoryPath, name) = target.Place(found);
        RefuseReadOnly(container, directoryPath);
        using var directory = inside.TryOpenDirectory(directoryPath) ?? throw CouldNotFind(directoryPath, container);
        return Writing(container, directory, directoryPath, () => TreeCopy.ToDirectory(pinned, name, directory, CopyOwner.Kept, container.IdMap?.ToHost));
    }

    /// <summary>Unpacks a tar archive, as it is or in gzip or zstd, in a directory of a container.</summary>
    /// <param name="container">Which.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="path">Path of the directory.</param>
    /// <exception cref="SampanException">InvalidArgument: no directory, or no archive.</exception>
    /// <exception cref="LinuxException">The kernel refused: disk full.</exception>
    public void CopyIn(Container container, Stream archive, string path)
    {
        using var root = ContainerRoot.Open(Paths, container);
        using var inside = FileTreeView.Of(root);
        var target = inside.FindTarget(path);
        using var directory = target.Status is { IsDirectory: true } ? inside.TryOpenDirectory(target.Path) : null;
        if (directory is null)
        {
            throw SampanException.InvalidArgument($"destination \"{container.Name}:{path}\" must be a directory");
        }

        RefuseReadOnly(container, target.Path);
        Writing(container, directory, target.Path, () =>
        {
            TreeCopy.FromArchive(archive, inside.Root, target.Path, CopyOwner.Kept, container.IdMap?.ToHost);
            return 0;
        });
    }

    /// <summary>What a container changed of its image.</summary>
    /// <param name="container">Which.</param>
    /// <returns>The changes, by path.</returns>
    /// <exception cref="SampanException">InvalidArgument: it has no image.</exception>
    /// <exception cref="LinuxException">A layer cannot be read.</exception>
    public IReadOnlyList<TreeChange> Diff(Container container)
    {
        if (container.HostConfig.Rootfs is { } directory)
        {
            throw SampanException.InvalidArgument($"container {container.Name} runs on the directory {directory}: there is nothing it could be compared with");
        }

        var changes = LayerChanges.Of(container.UpperDirectory, [Paths.Mountpoints, .. container.LayerDirectories], container.IdMap?.ToContainer);
        ContainerRoot.RequireThere(container);
        return changes;
    }

    /// <summary>Writes a container's root filesystem, running or not, as a tar archive: what is mounted in it is not in there.</summary>
    /// <param name="container">Which.</param>
    /// <param name="output">Where to.</param>
    /// <exception cref="LinuxException">A layer cannot be read; EPIPE when the reader is gone.</exception>
    /// <exception cref="SampanException">NotFound: it was removed meanwhile. Unavailable: deeper than any path.</exception>
    public void Export(Container container, Stream output)
    {
        TreeCopy.Export(
            container.HostConfig.Rootfs is { } directory
                ? [directory]
                : [Paths.Mountpoints, .. container.LayerDirectories, container.UpperDirectory],
            output,
            container.HostConfig.Rootfs is null ? container.IdMap?.ToContainer : null);
        ContainerRoot.RequireThere(container);
    }

    // A container that does not run has its root mounted for this alone, and not read-only.
    private static void RefuseReadOnly(Container container, string path)
    {
        if (!container.HostConfig.ReadonlyRootfs)
        {
            return;
        }

        foreach (var place in container.Mounts.Select(static mount => mount.Destination).Concat(container.HostConfig.Tmpfs?.Keys ?? []))
        {
            if (path == place || path.StartsWith(place + "/", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw SampanException.Conflict("container rootfs is marked read-only: copy into one of its volumes");
    }

    private static CopySource FindInside(Container container, FileTreeView inside, string path, bool followLink)
    {
        var source = inside.FindSource(path, followLink) ?? throw CouldNotFind(path, container);
        if (!source.Pinned.IsOfKernel())
        {
            return source;
        }

        source.Pinned.Dispose();
        throw SampanException.NotFound($"Could not find the file {path} in container {container.Name}: it is a view of the kernel's and no stored file, read it with exec");
    }

    private static SampanException CouldNotFind(string path, Container container) =>
        SampanException.NotFound($"Could not find the file {path} in container {container.Name}");

    private static void RefuseDevice(CopyTarget target, string what)
    {
        if (target.Status is { Type: not (FileType.Directory or FileType.Regular) } status)
        {
            var got = status.Type is FileType.CharacterDevice or FileType.BlockDevice ? "a device" : "an irregular file";
            throw SampanException.InvalidArgument($"{what} must be a directory or a regular file: got {got}");
        }
    }

    private static T Writing<T>(Container container, FileDescriptor directory, string path, Func<T> write)
    {
        if (directory.IsOfKernel())
        {
            throw SampanException.InvalidArgument($"destination \"{container.Name}:{path}\" is a view of the kernel's and takes no files: write there with exec");
        }

        try
        {
            return write();
        }
        catch (LinuxException error) when (error.Errno == Errno.EROFS)
        {
            foreach (var mount in container.Mounts)
            {
                if (!mount.RW && (path == mount.Destination || path.StartsWith(mount.Destination + "/", StringComparison.Ordinal)))
                {
                    throw new SampanException(ErrorKind.Forbidden, "mounted volume is marked read-only", error);
                }
            }

            throw new SampanException(ErrorKind.Forbidden, "container rootfs is marked read-only", error);
        }
    }
}
