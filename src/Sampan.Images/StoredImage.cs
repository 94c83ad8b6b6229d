using Sampan.Images.Content;
using Sampan.Oci.Images;

namespace Sampan.Images;

/// <summary>An image of the store.</summary>
public sealed class StoredImage
{
    private readonly LayerStore _layers;
    private readonly string _name;

    internal StoredImage(
        LayerStore layers, string name, string id, string digest, IReadOnlyList<ImageReference> references, IReadOnlyList<string> sources, ImageDocument config)
    {
        _layers = layers;
        _name = name;
        Id = id;
        Digest = digest;
        References = references;
        Sources = sources;
        Config = config;
    }

    /// <summary>sha256: and the hash of the configuration, as docker counts.</summary>
    public string Id { get; }

    /// <summary>sha256: and the hash of the manifest.</summary>
    public string Digest { get; }

    /// <summary>The names of the image.</summary>
    public IReadOnlyList<ImageReference> References { get; }

    /// <summary>The names as docker shows them: busybox:latest.</summary>
    public IReadOnlyList<string> RepoTags
    {
        get
        {
            var tags = new string[References.Count];
            for (var index = 0; index < tags.Length; index++)
            {
                tags[index] = References[index].Familiar;
            }

            return tags;
        }
    }

    /// <summary>What registries call the image: docker.io/library/busybox@sha256:….</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>The same as docker shows it: busybox@sha256:….</summary>
    public IReadOnlyList<string> RepoDigests
    {
        get
        {
            List<string> digests = [];
            foreach (var source in Sources)
            {
                if (ImageReference.TryParse(source, out _) is { } reference)
                {
                    digests.Add(reference.Familiar);
                }
            }

            return digests;
        }
    }

    /// <summary>The image's configuration document.</summary>
    public ImageDocument Config { get; }

    /// <summary>Digests of the uncompressed layers, bottom first.</summary>
    public IReadOnlyList<string> DiffIds => Config.RootFileSystem?.DiffIds ?? [];

    /// <summary>The unpacked layers, bottom first, absolute: overlay's lower directories.</summary>
    /// <exception cref="Sampan.Linux.SampanException">A layer is missing from the store.</exception>
    public IReadOnlyList<string> LayerDirectories
    {
        get
        {
            var ids = DiffIds;
            var directories = new string[ids.Count];
            for (var index = 0; index < directories.Length; index++)
            {
                directories[index] = _layers.Require(Content.Digest.Parse(ids[index]), "image " + _name);
            }

            return directories;
        }
    }

    /// <summary>Bytes of all files of all layers.</summary>
    public long Size
    {
        get
        {
            long size = 0;
            foreach (var id in DiffIds)
            {
                size += LayerSize(id);
            }

            return size;
        }
    }

    /// <summary>When the image was made; the zero time when it does not say.</summary>
    public DateTimeOffset Created => Config.Created ?? DateTimeOffset.MinValue;

    /// <summary>GOARCH name: amd64, arm64.</summary>
    public string Architecture => Config.Architecture ?? "";

    /// <summary>GOOS name: linux.</summary>
    public string OperatingSystem => Config.Os ?? "";

    /// <summary>How the image came to be, newest first, as docker history prints it.</summary>
    /// <returns>The steps.</returns>
    public IReadOnlyList<ImageHistoryStep> History() => ImageHistoryStep.Of(this);

    /// <summary>What docker inspect prints.</summary>
    /// <returns>The document.</returns>
    public ImageInspection Inspect() => ImageInspection.Of(this);

    /// <summary>Bytes of all files of one layer.</summary>
    /// <param name="diffId">One of <see cref="DiffIds"/>.</param>
    /// <returns>The size; 0 where it is not known.</returns>
    public long LayerSize(string diffId) => _layers.Size(Content.Digest.Parse(diffId));
}
