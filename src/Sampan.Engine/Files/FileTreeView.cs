using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Files;

/// <summary>
/// A tree of files in which docker cp's paths are looked up, a container's or the host's. A container's is always looked up by the kernel with
/// its root as "/": whatever text a link has, and whenever it is swapped, it ends inside (CVE-2018-15664).
/// </summary>
/// <param name="root">The root directory.</param>
/// <param name="resolve">How paths are resolved: none for the host's own.</param>
internal sealed class FileTreeView(FileDescriptor root, ResolveFlags resolve) : IDisposable
{
    private const int MostLinks = 40;

    /// <summary>The files of the host.</summary>
    public static FileTreeView OfHost() => new(FileDescriptor.Open("/", OpenFlags.Path | OpenFlags.Directory), ResolveFlags.None);

    /// <summary>The files of a container; the root stays its owner's.</summary>
    public static FileTreeView Of(ContainerRoot container) => new(container.Directory.Duplicate(), ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);

    /// <summary>The root directory.</summary>
    public FileDescriptor Root => root;

    /// <summary>Finds what is to be copied. A link at the end is followed with a slash behind it, or when the caller says so.</summary>
    /// <param name="path">Absolute, or relative to the root.</param>
    /// <param name="followLink">Follow it (-L).</param>
    /// <returns>Null when it is not there.</returns>
    /// <exception cref="LinuxException">openat2(2) failed.</exception>
    public CopySource? FindSource(string path, bool followLink)
    {
        var (clean, asserted, contentOnly) = Clean(path);
        var name = contentOnly || clean == "/" ? "." : NameOf(clean);
        if (asserted || clean == "/")
        {
            return Open(clean, OpenFlags.Path | OpenFlags.Directory) is { } directory ? new CopySource(directory, name) : null;
        }

        return Open(clean, followLink ? OpenFlags.Path : OpenFlags.Path | OpenFlags.NoFollow) is { } found ? new CopySource(found, name) : null;
    }

    /// <summary>Finds out what a target is; links at its end are followed, also to what is not there yet.</summary>
    /// <exception cref="SampanException">InvalidArgument: too many links.</exception>
    /// <exception cref="LinuxException">openat2(2) failed.</exception>
    public CopyTarget FindTarget(string path)
    {
        var (clean, asserted, _) = Clean(path);
        for (var links = 0; links < MostLinks; links++)
        {
            using var found = Open(clean, OpenFlags.Path | OpenFlags.NoFollow);
            if (found?.Status() is not { Type: FileType.SymbolicLink })
            {
                return new(clean, found?.Status(), asserted);
            }

            // One that leads through /proc cannot be told in words; the kernel follows it.
            if (resolve == ResolveFlags.None && Open(clean, OpenFlags.Path) is { } through)
            {
                using (through)
                {
                    return new(clean, through.Status(), asserted);
                }
            }

            clean = Path.GetFullPath(found.ReadLink(default(FileName)).ToString(), DirectoryOf(clean));
        }

        throw SampanException.InvalidArgument($"{path}: too many levels of symbolic links");
    }

    /// <summary>Opens a directory to write in.</summary>
    /// <returns>Null when it is not there.</returns>
    /// <exception cref="LinuxException">openat2(2) failed.</exception>
    public FileDescriptor? TryOpenDirectory(string path) => Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string DirectoryOf(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    private static (string Clean, bool Asserted, bool ContentOnly) Clean(string path)
    {
        var contentOnly = path is "." || path.EndsWith("/.", StringComparison.Ordinal);
        var clean = Path.GetFullPath(path, "/");
        return (clean.Length > 1 ? clean.TrimEnd('/') : clean, contentOnly || path.EndsWith('/'), contentOnly);
    }

    private FileDescriptor? Open(string path, OpenFlags flags) => root.TryOpenBeneath(path, flags, 0, resolve);
}
