using System.Text;
using Sampan.Images.Content;
using Sampan.Linux.Files;

namespace Sampan.Images.Receiving;

/// <summary>
/// What an image on its way is made of, in a file beside the blobs that are: layers that have come belong to no image before all have. Who
/// was killed leaves it, and it says what the next try finds there; a collection takes it with the rest.
/// </summary>
internal static class PendingImage
{
    private const string Extension = ".image";

    /// <summary>Notes the parts of an image.</summary>
    /// <param name="paths">The store.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="image">The image.</param>
    /// <param name="diffIds">The digests of its layers' uncompressed bytes.</param>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    public static void Write(StorePaths paths, Digest manifest, IncomingImage image, IReadOnlyList<string> diffIds)
    {
        var text = new StringBuilder(manifest.Hex).Append('\n').Append(Digest.Parse(image.Config.Digest).Hex).Append('\n');
        for (var index = 0; index < image.Layers.Count; index++)
        {
            text.Append(Digest.Parse(image.Layers[index].Digest).Hex).Append('\n').Append(Digest.Parse(diffIds[index]).Hex).Append('\n');
        }

        AtomicFile.Write(paths.Download(manifest) + Extension, Encoding.ASCII.GetBytes(text.ToString()), 0x180, durable: false);
    }

    /// <summary>The image is there.</summary>
    /// <param name="paths">The store.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    public static void Remove(StorePaths paths, Digest manifest) => FileTree.Remove(paths.Download(manifest) + Extension);

    /// <summary>The parts of all images on their way.</summary>
    /// <param name="paths">The store.</param>
    /// <returns>Hex digits of blobs and of layers.</returns>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    public static IReadOnlyList<string> ReadParts(StorePaths paths)
    {
        List<string> parts = [];
        foreach (var entry in FileTree.List(paths.Downloads))
        {
            var name = entry.Name.ToString();
            if (name.EndsWith(Extension, StringComparison.Ordinal) && FileTree.TryRead(paths.Downloads + "/" + name) is { } bytes)
            {
                parts.AddRange(Encoding.ASCII.GetString(bytes).Split('\n'));
            }
        }

        return parts;
    }
}
