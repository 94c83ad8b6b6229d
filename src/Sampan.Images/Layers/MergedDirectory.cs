using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Layers;

/// <summary>
/// A directory of an image as overlayfs would show it, made of the directories of the layers that have it, top first. Names are reached by
/// descriptors and links are resolved here: nothing an image holds leads out of it.
/// </summary>
public sealed class MergedDirectory : IDisposable
{
    private const int MostLinks = 40;
    private static readonly FileName Opaque = "trusted.overlay.opaque";

    private readonly List<FileDescriptor> _layers;
    private readonly FileDescriptor? _topmost;

    private MergedDirectory(List<FileDescriptor> layers, FileDescriptor? topmost)
    {
        _layers = layers;
        _topmost = topmost;
    }

    /// <summary>Owner, mode and attributes are those of the topmost.</summary>
    public FileDescriptor Top => _layers[0];

    /// <summary>Opens a directory of an image.</summary>
    /// <param name="layers">The image's layers, bottom first.</param>
    /// <param name="path">Absolute path in the image.</param>
    /// <returns>Null when there is no such directory.</returns>
    /// <exception cref="LinuxException">A layer cannot be read.</exception>
    public static MergedDirectory? TryOpen(IReadOnlyList<string> layers, string path)
    {
        for (var links = 0; links < MostLinks && layers.Count > 0; links++)
        {
            var directory = Walk(layers, path, out var target);
            if (target is null)
            {
                return directory;
            }

            path = target;
        }

        return null;
    }

    /// <summary>The names in it, each with the directory of the layer that has it.</summary>
    /// <returns>In no particular order; a directory of several layers once, as its topmost layer has it.</returns>
    /// <exception cref="LinuxException">A layer cannot be read.</exception>
    public IEnumerable<(FileName Name, FileDescriptor Layer, FileStatus Status)> Entries()
    {
        HashSet<FileName> seen = [];
        foreach (var layer in _layers)
        {
            foreach (var entry in layer.ReadEntries())
            {
                if (seen.Add(entry.Name) && layer.TryStatusAt(entry.Name) is { IsWhiteout: false } status)
                {
                    yield return (entry.Name, layer, status);
                }
            }
        }
    }

    /// <summary>What a name in it is.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Null when there is none, or the topmost layer that has it hides it.</returns>
    /// <exception cref="LinuxException">A layer cannot be read.</exception>
    public (FileDescriptor Layer, FileStatus Status)? TryFind(FileName name)
    {
        foreach (var layer in _layers)
        {
            if (layer.TryStatusAt(name) is { } status)
            {
                return status.IsWhiteout ? null : (layer, status);
            }
        }

        return null;
    }

    /// <summary>Enters a directory in it.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Null when the name is no directory here.</returns>
    /// <exception cref="LinuxException">A layer cannot be read.</exception>
    public MergedDirectory? TryEnter(FileName name)
    {
        List<FileDescriptor> below = [];
        FileDescriptor? topmost = null;
        foreach (var layer in _layers)
        {
            if (layer.TryStatusAt(name) is not { } status)
            {
                continue;
            }

            if (!status.IsDirectory)
            {
                // A whiteout, or a file that this layer has in place of the directory.
                break;
            }

            if (layer.TryEnter(name) is not { } directory)
            {
                // A container that runs has taken it away meanwhile, and with it what was below.
                break;
            }

            below.Add(directory);
            topmost = IsTopmost(layer) ? directory : topmost;
            if (directory.TryGetAttributeAt(".", Opaque) is [(byte)'y'])
            {
                break;
            }
        }

        return below.Count > 0 ? new MergedDirectory(below, topmost) : null;
    }

    /// <summary>Whether the directory of a layer is of the topmost of all layers, whatever else has this directory.</summary>
    /// <param name="layer">As <see cref="Entries"/> yields it.</param>
    /// <returns>True when it is.</returns>
    public bool IsTopmost(FileDescriptor layer) => ReferenceEquals(layer, _topmost);

    /// <inheritdoc/>
    public void Dispose() => _layers.ForEach(static layer => layer.Dispose());

    private static MergedDirectory OpenRoot(IReadOnlyList<string> layers)
    {
        List<FileDescriptor> roots = [];
        for (var index = layers.Count - 1; index >= 0; index--)
        {
            roots.Add(FileDescriptor.Open(layers[index], OpenFlags.ReadOnly | OpenFlags.Directory));
        }

        return new MergedDirectory(roots, roots[0]);
    }

    private static MergedDirectory? Walk(IReadOnlyList<string> layers, string path, out string? link)
    {
        link = null;
        var names = Path.GetFullPath(path, "/").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var directory = OpenRoot(layers);
        for (var depth = 0; depth < names.Length; depth++)
        {
            using var parent = directory;
            if (parent.ReadLink(names[depth]) is { } target)
            {
                // What precedes a link is free of links, so ".." in it can be resolved by text.
                var before = target.StartsWith('/') ? "" : string.Join('/', names[..depth]);
                link = $"/{before}/{target}/{string.Join('/', names[(depth + 1)..])}";
                return null;
            }

            if (parent.TryEnter(names[depth]) is not { } next)
            {
                return null;
            }

            directory = next;
        }

        return directory;
    }

    private string? ReadLink(string name)
    {
        foreach (var layer in _layers)
        {
            if (layer.TryStatusAt(name) is { } status)
            {
                return status.Type == FileType.SymbolicLink ? layer.ReadLink(name).ToString() : null;
            }
        }

        return null;
    }
}
