using Sampan.Images.Trees;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Layers;

/// <summary>
/// What overlay's upper directory changes of the layers below, by docker's rules: a directory that differs in nothing itself is not
/// listed for what is in it, unless something was added or deleted there.
/// </summary>
public sealed class LayerChanges
{
    private static readonly FileName Opaque = "trusted.overlay.opaque";
    private readonly List<TreeChange> _changes = [];
    private readonly OwnerMap? _owners;

    private LayerChanges(OwnerMap? owners) => _owners = owners;

    /// <summary>Lists them.</summary>
    /// <param name="upperDirectory">The upper directory, absolute.</param>
    /// <param name="layers">The directories below, bottom first.</param>
    /// <param name="owners">What the upper directory's owners are in the layers; null is what they are.</param>
    /// <returns>Sorted by the paths' bytes.</returns>
    /// <exception cref="LinuxException">A directory cannot be read.</exception>
    public static IReadOnlyList<TreeChange> Of(string upperDirectory, IReadOnlyList<string> layers, OwnerMap? owners = null)
    {
        var changes = new LayerChanges(owners);
        using var upper = FileDescriptor.Open(upperDirectory, OpenFlags.ReadOnly | OpenFlags.Directory);
        using var below = MergedDirectory.TryOpen(layers, "/");
        changes.Compare(upper, below, default, 0);
        changes._changes.Sort(static (left, right) => left.Path.Bytes.SequenceCompareTo(right.Path.Bytes));
        return changes._changes;
    }

    private static bool IsSameDirectory(FileStatus left, FileStatus right) =>
        left.Permissions == right.Permissions && left.UserId == right.UserId && left.GroupId == right.GroupId && left.Modified == right.Modified;

    private static FileName Join(FileName path, FileName name) => FileName.FromBytes([.. path.Bytes, (byte)'/', .. name.Bytes]);

    /// <returns>Whether a name was added or deleted in it.</returns>
    private bool Compare(FileDescriptor upper, MergedDirectory? below, FileName path, int depth)
    {
        TreeWalker.RefuseDepth(path, depth);
        var touched = false;
        foreach (var entry in upper.ReadEntries())
        {
            if (upper.TryStatusAt(entry.Name) is not { } status)
            {
                continue;
            }

            status = _owners?.Of(status) ?? status;

            var former = below?.TryFind(entry.Name);
            var whole = Join(path, entry.Name);
            if (status.IsWhiteout)
            {
                if (former is not null)
                {
                    _changes.Add(new('D', whole));
                    touched = true;
                }
            }
            else if (!status.IsDirectory)
            {
                _changes.Add(new(former is null ? 'A' : 'C', whole));
                touched |= former is null;
            }
            else
            {
                touched |= former is null;
                CompareDirectory(upper, entry.Name, status, below, whole, depth);
            }
        }

        return touched;
    }

    private void CompareDirectory(FileDescriptor upper, FileName name, FileStatus status, MergedDirectory? below, FileName path, int depth)
    {
        using var directory = upper.TryEnter(name);
        if (directory is null)
        {
            // What a running container has taken away since it was listed is no change any more.
            return;
        }

        var former = below?.TryFind(name);
        var opaque = directory.TryGetAttributeAt(".", Opaque) is [(byte)'y'];
        using var lower = former is null ? null : below!.TryEnter(name);
        var deleted = opaque && lower is not null && TellDeleted(directory, lower, path);
        if (Compare(directory, lower, path, depth + 1) | deleted
            || former is not { Status.IsDirectory: true } same || !IsSameDirectory(status, same.Status))
        {
            _changes.Add(new(former is null ? 'A' : 'C', path));
        }
    }

    // What an opaque directory does not have itself is gone.
    private bool TellDeleted(FileDescriptor directory, MergedDirectory lower, FileName path)
    {
        var any = false;
        foreach (var (name, _, _) in lower.Entries())
        {
            if (directory.TryStatusAt(name) is null)
            {
                _changes.Add(new('D', Join(path, name)));
                any = true;
            }
        }

        return any;
    }
}
