using System.Security.Cryptography;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    /// <summary>Finds blobs and layers that no image leads to: a crash, or another tool, left them.</summary>
    /// <param name="used">Layers that containers use, whatever the index says.</param>
    /// <param name="remove">Removes them.</param>
    /// <returns>
    /// What was found; null when that cannot be told now, since a writer is at work or an image is damaged: what that needs nobody knows.
    /// </returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public OrphanedContent? FindOrphans(IReadOnlySet<string> used, bool remove = false) => GarbageCollector.FindOrphans(_paths, _index, _blobs, used, remove);

    /// <summary>Compares the content of every blob with its name, which is its digest. Reads all of it.</summary>
    /// <returns>The hex digits of those whose content is another.</returns>
    /// <exception cref="LinuxException">A blob cannot be read.</exception>
    public IReadOnlyList<string> FindWrongDigests()
    {
        List<string> wrong = [];
        foreach (var entry in FileTree.List(_paths.Blobs))
        {
            var name = entry.Name.ToString();
            if (!Digest.IsValid(Digest.Prefix + name))
            {
                continue;
            }

            using var file = FileDescriptor.TryOpen(_paths.Blobs + "/" + name, OpenFlags.ReadOnly | OpenFlags.NoFollow);
            if (file is null)
            {
                continue;
            }

            using var stream = new DescriptorStream(file);
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != name)
            {
                wrong.Add(name);
            }
        }

        return wrong;
    }
}
