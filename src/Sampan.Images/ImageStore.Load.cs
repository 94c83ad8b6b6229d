using Sampan.Images.Archives;
using Sampan.Images.Compression;
using Sampan.Images.Content;
using Sampan.Linux;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    /// <summary>Takes images out of an archive: docker save's, or an OCI layout. It may come from a pipe.</summary>
    /// <param name="archive">The archive, as it is or in gzip, zstd, bzip2 or xz.</param>
    /// <param name="platform">Of images for several platforms the one to take, and of others those to refuse; null takes the host's, and any.</param>
    /// <returns>An item for each name, and for each image without one.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not an image archive, damaged, or hostile;
    /// <see cref="ErrorKind.Unavailable"/>: the disk is full.</exception>
    /// <exception cref="LinuxException">The kernel refused. Nothing is left behind.</exception>
    public IReadOnlyList<LoadedImage> Load(Stream archive, PlatformFilter? platform = null)
    {
        var images = Write(writer =>
        {
            try
            {
                using var source = new SourceStream(archive);
                using var plain = Decompression.OpenArchive(source);
                var files = ArchiveFiles.Spool(plain, writer);
                if (files.Contains(LayoutArchive.LayoutName) && files.Contains(LayoutArchive.IndexName))
                {
                    return new LayoutArchive(files, writer, platform).Load();
                }

                return files.Contains(DockerArchive.ManifestName)
                    ? DockerArchive.Load(files, writer, platform)
                    : throw SampanException.InvalidArgument(
                        $"not an image archive: it has neither {DockerArchive.ManifestName} nor {LayoutArchive.LayoutName}; a root filesystem becomes an image with import");
            }
            catch (InvalidDataException error)
            {
                throw new SampanException(ErrorKind.InvalidArgument, "gzip: the compressed data is damaged or cut off", error);
            }
        });
        var loaded = new LoadedImage[images.Count];
        for (var index = 0; index < loaded.Length; index++)
        {
            var (reference, entry) = images[index];
            loaded[index] = new(entry.Id()!, reference is null ? null : ImageReference.Parse(reference).Familiar);
        }

        return loaded;
    }
}
