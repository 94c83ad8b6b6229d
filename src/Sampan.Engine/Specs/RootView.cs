using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Specs;

/// <summary>
/// Reads files of a root filesystem before it is mounted, by the rules of overlayfs: upper directories hide lower ones, whiteouts hide
/// names, opaque directories hide all below (Documentation/filesystems/overlayfs.rst). Every component is looked up by descriptor and links
/// are resolved here, so nothing an image or container made leads out of the tree.
/// </summary>
/// <param name="layers">Directories, top first: the container's own writes, then the image's layers from the last to the first.</param>
public sealed class RootView(IReadOnlyList<string> layers)
{
    /// <summary>As many links as path_resolution(7) follows.</summary>
    private const int MostLinks = 40;

    /// <summary>Reads a regular file.</summary>
    /// <param name="path">Absolute path in the root filesystem.</param>
    /// <param name="limit">Most bytes that are accepted.</param>
    /// <returns>Its content; null when there is no such file.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not a regular file, too long, or too many links.</exception>
    /// <exception cref="LinuxException">A layer cannot be read.</exception>
    public byte[]? TryRead(string path, int limit)
    {
        for (var links = 0; links < MostLinks; links++)
        {
            var found = Walk(path, limit, out var target);
            if (target is null)
            {
                return found;
            }

            path = target;
        }

        throw SampanException.InvalidArgument($"{path} in the root filesystem: too many symbolic links");
    }

    private byte[]? Walk(string path, int limit, out string? link)
    {
        link = null;
        var names = Split(path);
        var directories = OpenRoots();
        try
        {
            for (var depth = 0; depth < names.Count; depth++)
            {
                var below = new List<FileDescriptor>(directories.Count);
                var file = Find(directories, names[depth], below);
                var isLast = depth == names.Count - 1;
                if (file is { } hit && hit.Status.Type == FileType.SymbolicLink)
                {
                    link = Follow(names, depth, hit.Directory.ReadLink(names[depth]).ToString());
                    return null;
                }

                if (file is { } other)
                {
                    return isLast ? Read(other.Directory, names[depth], other.Status, path, limit) : null;
                }

                Close(directories);
                directories = below;
            }

            return null;
        }
        finally
        {
            Close(directories);
        }
    }

    // What a name means in the merged directory: a file, or directories to look further in.
    private static (FileDescriptor Directory, FileStatus Status)? Find(
        List<FileDescriptor> directories,
        string name,
        List<FileDescriptor> below)
    {
        foreach (var directory in directories)
        {
            if (directory.TryStatusAt(name) is not { } status)
            {
                continue;
            }

            if (status.IsWhiteout)
            {
                return null;
            }

            if (!status.IsDirectory)
            {
                return below.Count == 0 ? (directory, status) : null;
            }

            below.Add(directory.OpenBeneath(name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow));
            if (directory.TryGetAttributeAt(name, "trusted.overlay.opaque") is [(byte)'y'])
            {
                return null;
            }
        }

        return null;
    }

    private static byte[] Read(FileDescriptor directory, string name, FileStatus status, string path, int limit)
    {
        if (status.Type != FileType.Regular)
        {
            throw SampanException.InvalidArgument($"{path} in the root filesystem: not a regular file");
        }

        if (status.Size > limit)
        {
            throw SampanException.InvalidArgument($"{path} in the root filesystem: {status.Size} bytes, more than the {limit} that are read");
        }

        using var file = directory.OpenBeneath(name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        return file.ReadToEnd(limit);
    }

    private List<FileDescriptor> OpenRoots()
    {
        var roots = new List<FileDescriptor>(layers.Count);
        for (var index = 0; index < layers.Count; index++)
        {
            roots.Add(FileDescriptor.Open(layers[index], OpenFlags.ReadOnly | OpenFlags.Directory));
        }

        return roots;
    }

    // What precedes a link is free of links, so ".." can be resolved by text.
    private static string Follow(List<string> names, int depth, string target)
    {
        var rest = string.Join('/', names.GetRange(depth + 1, names.Count - depth - 1));
        return target.StartsWith('/')
            ? $"{target}/{rest}"
            : $"/{string.Join('/', names.GetRange(0, depth))}/{target}/{rest}";
    }

    private static List<string> Split(string path)
    {
        var names = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (part != ".")
            {
                names.Add(part);
            }
        }

        return names;
    }

    private static void Close(List<FileDescriptor> descriptors)
    {
        foreach (var descriptor in descriptors)
        {
            descriptor.Dispose();
        }
    }
}
