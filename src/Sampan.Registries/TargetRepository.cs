using System.Security.Cryptography;
using Sampan.Images;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Http;
using Sampan.Registries.Manifests;
using Sampan.Registries.Tokens;
using Sampan.Registries.Uploads;

namespace Sampan.Registries;

/// <summary>An image's repository to write to. Calls may be made by several threads at once.</summary>
public sealed class TargetRepository
{
    private const int DeepestIndex = 4;

    private readonly RepositoryPlace _place;
    private readonly Sender _sender;
    private readonly RegistryOptions _options;

    internal TargetRepository(ImageReference reference, RepositoryPlace place, Sender sender, RegistryOptions options)
    {
        Reference = reference;
        _place = place;
        _sender = sender;
        _options = options;
    }

    /// <summary>The image.</summary>
    public ImageReference Reference { get; }

    /// <summary>
    /// Pushes an image, or an index with all its images: blobs first, then manifests from the innermost out by digest, then the outermost
    /// by the reference's tag. A tag never names what is not all there, whenever this ends.
    /// </summary>
    /// <param name="root">The manifest or index.</param>
    /// <param name="child">Gives the manifests an index names.</param>
    /// <param name="open">Opens a blob at an offset; by several threads at once.</param>
    /// <param name="options">How, and who is told.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SampanException">In docker's words: denied, unreachable; or the content is not what its descriptors say.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void PushImage(
        Manifest root,
        Func<Descriptor, Manifest> child,
        Func<Descriptor, long, Stream> open,
        PushOptions? options = null,
        CancellationToken cancellation = default)
    {
        List<Manifest> manifests = [];
        Collect(root, child, manifests, 0);
        var blobs = manifests.SelectMany(static manifest => manifest.Config is null ? manifest.Layers : [.. manifest.Layers, manifest.Config]);
        PushBlobs(blobs.DistinctBy(static blob => blob.Digest), open, options, cancellation);
        foreach (var manifest in manifests)
        {
            PushManifest(manifest, ReferenceEquals(manifest, root) ? Reference.Tag : null, cancellation);
        }
    }

    /// <summary>Brings blobs into the repository, several at once, unless they are there.</summary>
    /// <param name="blobs">Digests and sizes, each blob once.</param>
    /// <param name="open">Opens a blob at an offset; by several threads at once.</param>
    /// <param name="options">How, and who is told.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SampanException">The registry refuses or does not answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void PushBlobs(
        IEnumerable<Descriptor> blobs,
        Func<Descriptor, long, Stream> open,
        PushOptions? options = null,
        CancellationToken cancellation = default) => new ImagePush(this, open, options ?? new()).Run(blobs, cancellation);

    /// <summary>Brings a blob into the repository, unless it is there.</summary>
    /// <param name="blob">Digest and size.</param>
    /// <param name="open">Opens its content at an offset; more than once when a connection breaks.</param>
    /// <param name="options">How, and who is told of bytes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="SampanException">The registry refuses or does not answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BlobOutcome PushBlob(Descriptor blob, Func<long, Stream> open, PushOptions? options = null, CancellationToken cancellation = default)
    {
        if (MediaTypes.IsForeign(blob.MediaType))
        {
            return BlobOutcome.Skipped;
        }

        return Do(() => new BlobUpload(_sender, _options, _place, blob, open, options ?? new(), cancellation).Run());
    }

    /// <summary>Whether the repository has a blob.</summary>
    /// <param name="blob">Digest and size.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>True when it has.</returns>
    /// <exception cref="SampanException">The registry refuses or does not answer; or it has another of that digest.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool HasBlob(Descriptor blob, CancellationToken cancellation = default) =>
        Do(() => new BlobUpload(_sender, _options, _place, blob, static _ => Stream.Null, new(), cancellation).Exists());

    /// <summary>Puts a manifest, whose content must be there: by its digest, and by a tag, which from then on names it.</summary>
    /// <param name="manifest">The manifest; its bytes are sent as they are.</param>
    /// <param name="tag">The tag; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SampanException">The registry refuses, does not answer, or says that it got something else.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void PushManifest(Manifest manifest, string? tag, CancellationToken cancellation = default)
    {
        var digest = Digest.FromHash(SHA256.HashData(manifest.Bytes.Span));
        if (manifest.Bytes.Length > ManifestReader.LargestManifest)
        {
            throw SampanException.InvalidArgument(
                $"manifest {digest}: its {manifest.Bytes.Length} bytes are more than the {ManifestReader.LargestManifest} that registries take");
        }

        Do(() =>
        {
            var request = new RegistryRequest(HttpMethod.Put, _place.At($"manifests/{tag ?? digest.Value}", cancellation), Scope.Push(_place.Path))
            {
                AnswerTime = _options.CommitTime,
                Content = _ => new ReadOnlyMemoryContent(manifest.Bytes) { Headers = { ContentType = new(manifest.Descriptor.MediaType!) } },
            };
            var answer = _sender.Ask(_place.Server, request, ManifestReader.LargestManifest, cancellation);
            if (Digest.IsValid(answer.Digest) && answer.Digest != digest.Value)
            {
                throw new RegistryException(ErrorKind.Unavailable, $"manifest {digest} pushed to {_place}: the registry calls it {answer.Digest}");
            }

            if (manifest.Subject is { } subject && !answer.HasSubject)
            {
                var referrer = new Descriptor
                {
                    MediaType = manifest.Descriptor.MediaType,
                    Digest = digest.Value,
                    Size = manifest.Bytes.Length,
                    ArtifactType = manifest.ArtifactType,
                    Annotations = manifest.Annotations.Count == 0 ? null : new(manifest.Annotations, StringComparer.Ordinal),
                };
                Referrers.Add(_sender, _place, Digest.Parse(subject.Digest), referrer, cancellation);
            }

            return true;
        });
    }

    /// <summary>Reads a manifest that is to be pushed, and checks it as one from a registry is checked.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="mediaType">What it is; null when the document says so.</param>
    /// <param name="name">The image, for messages.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is none.</exception>
    public static Manifest ReadManifest(byte[] bytes, string? mediaType, string name)
    {
        try
        {
            return ManifestReader.Read(bytes, mediaType, null, name);
        }
        catch (RegistryException error)
        {
            throw new SampanException(error.Kind, error.Message, error);
        }
    }

    private static void Collect(Manifest manifest, Func<Descriptor, Manifest> child, List<Manifest> manifests, int depth)
    {
        if (depth > DeepestIndex)
        {
            throw SampanException.InvalidArgument($"manifest {manifest.Descriptor.Digest}: indexes in indexes, deeper than {DeepestIndex} levels");
        }

        foreach (var descriptor in manifest.Manifests)
        {
            if (!manifests.Exists(other => other.Descriptor.Digest == descriptor.Digest))
            {
                Collect(child(descriptor), child, manifests, depth + 1);
            }
        }

        manifests.Add(manifest);
    }

    private T Do<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (RegistryException error)
        {
            throw error.For(_place.Server.Registry);
        }
    }
}
