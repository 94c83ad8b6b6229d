using System.Runtime.InteropServices;
using Sampan.Images.Commits;
using Sampan.Images.Compression;
using Sampan.Images.Content;
using Sampan.Images.Layers;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    /// <summary>Makes an image of a root filesystem, in one pass: the archive may come from a pipe.</summary>
    /// <param name="archive">A tar archive, as it is or in gzip, zstd, bzip2 or xz; a layer keeps the first two.</param>
    /// <param name="request">Name, configuration, message.</param>
    /// <returns>The image's id.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: bad archive, bad name, bad change;
    /// <see cref="ErrorKind.Unavailable"/>: the disk is full.</exception>
    /// <exception cref="LinuxException">The kernel refused. Nothing is left behind.</exception>
    public string Import(Stream archive, ImportRequest request)
    {
        var reference = request.Reference is null ? null : ParseTag(request.Reference);
        var config = ConfigChanges.Apply(new ImageConfig(), request.Changes);
        var images = Write(writer =>
        {
            using var content = Decompression.OpenForLayer(archive);
            var (layer, diffId) = request.Compression is null && request.Epoch is null
                ? StageAsItComes(writer, content)
                : StageAnew(writer, content, request);
            var created = request.Epoch ?? DateTimeOffset.UtcNow;
            var document = new ImageDocument
            {
                Created = created,
                Architecture = request.Architecture ?? HostArchitecture,
                Os = request.OperatingSystem,
                Variant = request.Variant,
                Config = config,
                RootFileSystem = new() { DiffIds = [diffId.Value] },
                History = [new() { Created = created, Comment = request.Message }],
            };
            return [new(reference, StageImage(writer, document, [layer]))];
        });
        return images[0].Entry.Id()!;
    }

    private static (Descriptor Blob, Digest DiffId) StageAsItComes(StoreWriter writer, Stream archive)
    {
        using var blob = writer.NewBlob();
        using var source = new SourceStream(archive, blob.Write);
        RefuseEmpty(source);
        var mediaType = Decompression.LayerMediaType(source);
        var diffId = writer.Unpack(source, expected: null);
        source.Drain();
        var layer = writer.Add(blob);
        return (new() { MediaType = mediaType, Digest = layer.Digest.Value, Size = layer.Size }, diffId);
    }

    private static (Descriptor Blob, Digest DiffId) StageAnew(StoreWriter writer, Stream archive, ImportRequest request)
    {
        using var source = new SourceStream(archive);
        RefuseEmpty(source);
        var compression = request.Compression ?? Decompression.LayerMediaType(source) switch
        {
            MediaTypes.LayerGzip => LayerCompression.Gzip,
            MediaTypes.LayerZstandard => LayerCompression.Zstandard,
            _ => LayerCompression.None,
        };
        using var directory = writer.UnpackAside(source);
        source.Drain();
        return new LayerBuilder(writer, compression, request.Epoch).Build(directory, withRoot: true)!.Value;
    }

    private static void RefuseEmpty(SourceStream archive)
    {
        if (archive.Peek(1).IsEmpty)
        {
            throw SampanException.InvalidArgument("not a tar archive: it is empty");
        }
    }

    /// <summary>GOARCH name of this machine.</summary>
    internal static string HostArchitecture => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        Architecture.RiscV64 => "riscv64",
        Architecture.Ppc64le => "ppc64le",
        Architecture.S390x => "s390x",
        _ => "unknown",
    };

    /// <summary>Stages configuration and manifest of a new image.</summary>
    /// <returns>Its entry for the index, without a name.</returns>
    private static Descriptor StageImage(StoreWriter writer, ImageDocument document, IReadOnlyList<Descriptor> layers)
    {
        var config = writer.Add(ImageJson.ImageDocument.ToBytes(document));
        var manifest = new ImageManifest
        {
            MediaType = MediaTypes.Manifest,
            Config = new() { MediaType = MediaTypes.Config, Digest = config.Digest.Value, Size = config.Size },
            Layers = layers,
        };
        var staged = writer.Add(ImageJson.ImageManifest.ToBytes(manifest));
        return Entry(staged.Digest, staged.Size, MediaTypes.Manifest, config.Digest, document);
    }

    /// <summary>An entry for the index, without a name.</summary>
    internal static Descriptor Entry(Digest manifest, long size, string mediaType, Digest id, ImageDocument document) => new()
    {
        MediaType = mediaType,
        Digest = manifest.Value,
        Size = size,
        Platform = new() { Architecture = document.Architecture, Os = document.Os, Variant = document.Variant },
        Annotations = new(StringComparer.Ordinal) { [StoreIndex.IdAnnotation] = id.Value },
    };

    /// <summary>Runs a writer; what it made is published and named all at once.</summary>
    private IReadOnlyList<Publication> Write(Func<StoreWriter, IReadOnlyList<Publication>> work)
    {
        var images = WithRoomOnDisk(() =>
        {
            using var writer = new StoreWriter(_paths, _durable);
            var made = work(writer);
            writer.Publish();
            _index.Update(list =>
            {
                foreach (var (reference, entry) in made)
                {
                    IndexEntry.Put(list, entry, reference);
                }

                return true;
            });
            return made;
        });
        GarbageCollector.TryCollect(_paths, _index, _blobs);
        return images;
    }

    /// <summary>Says what to do where the disk is full.</summary>
    private T WithRoomOnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            // What was published before the index found no room belongs to nobody: the space is wanted now.
            GarbageCollector.TryCollect(_paths, _index, _blobs);
            throw new SampanException(ErrorKind.Unavailable, $"no space left on device: {_paths.Root} is full ({error.Errno}): remove images with rmi, or choose another --root", error);
        }
    }
}
