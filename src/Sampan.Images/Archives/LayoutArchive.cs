using Sampan.Images.Content;
using Sampan.Images.Documents;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Archives;

/// <summary>Reads an OCI image layout in an archive (image-spec, image-layout.md), as docker save writes it since version 25.</summary>
internal sealed class LayoutArchive(ArchiveFiles files, StoreWriter writer, PlatformFilter? platform)
{
    public const string LayoutName = "oci-layout";
    public const string IndexName = "index.json";

    // index.json, an index for several platforms, a manifest: a level more is for the curious.
    private const int DeepestIndex = 4;
    private const int LargestDocument = 4 << 20;

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: damaged or hostile.</exception>
    public IReadOnlyList<Publication> Load()
    {
        var index = ParseIndex(files.Read(files.Find(IndexName)), IndexName);
        List<Publication> images = [];
        foreach (var descriptor in index.Manifests ?? [])
        {
            if (Resolve(descriptor, 0) is { } found)
            {
                images.Add(new(NameOf(descriptor), LoadImage(found)));
            }
        }

        return images.Count > 0 ? images : throw SampanException.InvalidArgument($"invalid image archive: {IndexName} names no image");
    }

    private static string? NameOf(Descriptor descriptor) =>
        (descriptor.Annotation(AnnotationKeys.ContainerdName) ?? descriptor.Annotation(AnnotationKeys.ReferenceName)) is { Length: > 0 } name
            ? ImageStore.ParseTag(name)
            : null;

    private static ImageIndex ParseIndex(byte[] bytes, string what)
    {
        var index = DocumentReader.Parse(bytes, what, ImageJson.ImageIndex);
        if (index.Layers is not null || (index.MediaType is not null && !MediaTypes.IsIndex(index.MediaType)))
        {
            throw Ambiguous(what);
        }

        return index;
    }

    private static SampanException Ambiguous(string what) =>
        SampanException.InvalidArgument($"{what}: claims to be another kind of document than its descriptor says");

    private bool IsWanted(Descriptor descriptor) => descriptor.Platform is { } made && (platform is null
        ? made.Os == "linux" && made.Architecture == ImageStore.HostArchitecture
        : platform.Matches(made.Os, made.Architecture, made.Variant));

    /// <summary>
    /// The manifest that a descriptor leads to: of an index the one for the platform that is asked for, or for this host, else the first one
    /// that is in the archive.
    /// </summary>
    private Descriptor? Resolve(Descriptor descriptor, int depth)
    {
        if (MediaTypes.IsManifest(descriptor.MediaType))
        {
            return descriptor;
        }

        if (!MediaTypes.IsIndex(descriptor.MediaType))
        {
            // An artifact that is no image.
            return null;
        }

        if (depth == DeepestIndex)
        {
            throw SampanException.InvalidArgument("invalid image archive: indexes within indexes");
        }

        var index = ParseIndex(ReadBlob(descriptor), $"index {descriptor.Digest}");
        Descriptor? first = null;
        foreach (var child in index.Manifests ?? [])
        {
            // os "unknown" marks an attestation of how an image was built.
            if (child.Platform?.Os == "unknown" || !Digest.IsValid(child.Digest) || !HasBlob(Digest.Parse(child.Digest)))
            {
                continue;
            }

            if (IsWanted(child))
            {
                return Resolve(child, depth + 1);
            }

            first ??= child;
        }

        return first is null ? null : Resolve(first, depth + 1);
    }

    private Descriptor LoadImage(Descriptor descriptor)
    {
        var digest = Digest.Parse(descriptor.Digest);
        var what = $"manifest {digest}";
        var bytes = ReadBlob(descriptor);
        var manifest = DocumentReader.Parse(bytes, what, ImageJson.ImageManifest);
        if (manifest.Manifests is not null || (manifest.MediaType is not null && manifest.MediaType != descriptor.MediaType))
        {
            throw Ambiguous(what);
        }

        var id = Digest.Parse(manifest.Config?.Digest);
        var document = DocumentReader.Parse(ReadBlob(manifest.Config!), $"configuration {id}", ImageJson.ImageDocument);
        var diffIds = document.RootFileSystem?.DiffIds ?? [];
        platform?.Require(document, what);
        var layers = manifest.Layers ?? [];
        if (layers.Count != diffIds.Count)
        {
            throw SampanException.InvalidArgument($"{what}: it has {layers.Count} layers and its configuration {diffIds.Count}");
        }

        LayerChain.RequireDepth(layers.Count);
        var content = new (Digest Blob, Digest DiffId)[layers.Count];
        for (var index = 0; index < content.Length; index++)
        {
            RequireBlob(layers[index]);
            content[index] = (Digest.Parse(layers[index].Digest), Digest.Parse(diffIds[index]));
        }

        writer.RequireLayers(content);

        return ImageStore.Entry(digest, bytes.Length, descriptor.MediaType!, id, document);
    }

    private bool HasBlob(Digest digest)
    {
        if (files.Contains(Path(digest)))
        {
            return true;
        }

        using var stored = writer.TryOpen(digest);
        return stored is not null;
    }

    private byte[] ReadBlob(Descriptor descriptor)
    {
        RequireBlob(descriptor);
        using var file = writer.TryOpen(Digest.Parse(descriptor.Digest))!;
        return file.ReadToEnd(LargestDocument);
    }

    /// <summary>Takes the blob from the archive; one the store has already need not be there.</summary>
    private void RequireBlob(Descriptor descriptor)
    {
        var digest = Digest.Parse(descriptor.Digest);
        if (files.TryFind(Path(digest)) is { } file)
        {
            if (file.Digest != digest)
            {
                throw SampanException.InvalidArgument($"invalid image archive: blob {digest} has the digest {file.Digest}");
            }

            if (file.Size != descriptor.Size)
            {
                throw SampanException.InvalidArgument($"invalid image archive: blob {digest} has {file.Size} bytes and not {descriptor.Size}");
            }

            writer.Adopt(file);
        }
        else if (!HasBlob(digest))
        {
            throw SampanException.InvalidArgument($"invalid image archive: blob {digest} is missing");
        }
    }

    private static string Path(Digest digest) => "blobs/sha256/" + digest.Hex;
}
