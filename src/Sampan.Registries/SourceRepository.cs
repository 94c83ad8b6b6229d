using System.Net;
using Sampan.Images;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Blobs;
using Sampan.Registries.Http;
using Sampan.Registries.Manifests;
using Sampan.Registries.Platforms;
using Sampan.Registries.Tokens;

namespace Sampan.Registries;

/// <summary>
/// An image's repository to read from. Where it has mirrors they are asked first, and what one does not have, or gives wrong, the next is
/// asked for. Calls may be made by several threads at once.
/// </summary>
public sealed partial class SourceRepository
{
    private const int DeepestIndex = 4;

    private readonly IReadOnlyList<RepositoryPlace> _places;
    private readonly Sender _sender;
    private readonly RegistryOptions _options;
    private readonly Action<string, CancellationToken>? _verify;
    private volatile bool _verified;
    private volatile int _preferred;
    private volatile Manifest? _root;

    /// <param name="reference">The image.</param>
    /// <param name="places">Where it is looked for.</param>
    /// <param name="sender">Asks.</param>
    /// <param name="options">How patiently.</param>
    /// <param name="verify">Refuses the digest of what the reference means unless it is signed; null where it need not be.</param>
    internal SourceRepository(
        ImageReference reference, IReadOnlyList<RepositoryPlace> places, Sender sender, RegistryOptions options, Action<string, CancellationToken>? verify)
    {
        _verify = verify;
        Reference = reference;
        _places = places;
        _sender = sender;
        _options = options;
    }

    /// <summary>The image.</summary>
    public ImageReference Reference { get; }

    /// <summary>Finds out what the reference means now, by HEAD: nothing is transferred, and nothing counts as a pull.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Media type, digest and size of a manifest or index.</returns>
    /// <exception cref="SampanException">In docker's words: not found, denied, unreachable.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Descriptor Resolve(CancellationToken cancellation = default) => Try(place => Head(place, cancellation) ?? Root(place, cancellation).Descriptor);

    /// <summary>Fetches the manifest or index that the reference means now.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The manifest; what it names is not fetched.</returns>
    /// <exception cref="SampanException">As <see cref="Resolve"/>; or it is not what it should be, or not signed as the configuration wants
    /// it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Manifest GetManifest(CancellationToken cancellation = default)
    {
        var descriptor = Resolve(cancellation);
        Verify(descriptor, cancellation);
        return _root is { } root && root.Descriptor.Digest == descriptor.Digest ? root : GetManifest(descriptor, cancellation);
    }

    /// <summary>
    /// Fetches a manifest by its digest. Where images must be signed the first one that is fetched must be: it names the others by their digests.
    /// </summary>
    /// <param name="descriptor">Names it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="SampanException">It is not there, not what it should be, or not signed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Manifest GetManifest(Descriptor descriptor, CancellationToken cancellation = default)
    {
        var digest = Digest.Parse(descriptor.Digest);
        Verify(descriptor, cancellation);
        return Try(place =>
        {
            var manifest = Fetch(place, digest.Value, digest, cancellation);
            return MediaTypes.IsIndex(descriptor.MediaType) == manifest.IsIndex || !IsKnown(descriptor.MediaType)
                ? manifest
                : throw new RegistryException(ErrorKind.InvalidArgument, $"manifest {digest}: it is {manifest.Descriptor.MediaType}, not {descriptor.MediaType}");
        });
    }

    /// <summary>The image for a platform: a manifest itself, or the one that an index has for the platform.</summary>
    /// <param name="root">A manifest or index of this repository.</param>
    /// <param name="platform">The platform.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>An image's manifest. What it was made for an image by itself tells in its configuration only.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>, in docker's words: there is none for that platform.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Manifest ChooseImage(Manifest root, Platform platform, CancellationToken cancellation = default)
    {
        var manifest = root;
        for (var depth = 0; manifest.IsIndex; depth++)
        {
            if (depth == DeepestIndex)
            {
                throw SampanException.InvalidArgument($"manifest of {Reference}: indexes in indexes, deeper than {DeepestIndex} levels");
            }

            var chosen = PlatformChoice.Find(manifest.Manifests, platform)
                ?? throw SampanException.NotFound($"no matching manifest for {PlatformName.Format(PlatformName.Normalize(platform))} in the manifest list entries");
            manifest = GetManifest(chosen, cancellation);
        }

        return manifest;
    }

    /// <summary>
    /// Opens a blob for reading from its first byte to its last. A connection that breaks is made again from where it broke, by Range. The
    /// size and the digest are verified: the read that would give the last bytes fails when they are wrong. URLs of the descriptor are not
    /// followed (CVE-2020-15157).
    /// </summary>
    /// <param name="blob">Digest and size.</param>
    /// <param name="already">The first bytes of it, kept from a download that did not end: they are hashed and given first, and not
    /// fetched; closed with the stream. Null when there are none.</param>
    /// <param name="progress">Is told of bytes that came from the network, by the thread that reads.</param>
    /// <param name="cancellation">Ends reads that wait, too.</param>
    /// <returns>The content, to be read by one thread, once. Its errors are those of this method.</returns>
    /// <exception cref="SampanException">It is not there, it is not what it should be, or the registry does not answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Stream OpenBlob(Descriptor blob, Stream? already = null, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        var digest = Digest.Parse(blob.Digest);
        return new BlobStream(
            new(digest, blob.Size, (offset, failures) => Try(place => OpenAt(place, digest, offset, cancellation), failures)),
            already,
            progress,
            _options,
            cancellation);
    }

    /// <summary>Fetches a small blob whole: a configuration, a signature's payload.</summary>
    /// <param name="blob">Digest and size.</param>
    /// <param name="limit">Most bytes that are accepted.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its content, verified.</returns>
    /// <exception cref="SampanException">As <see cref="OpenBlob"/>; or it is longer than <paramref name="limit"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public byte[] GetBlob(Descriptor blob, int limit = 8 << 20, CancellationToken cancellation = default)
    {
        if (blob.Size > limit)
        {
            throw SampanException.InvalidArgument($"blob {blob.Digest}: its {blob.Size} bytes are more than the {limit} that are taken");
        }

        using var content = OpenBlob(blob, null, null, cancellation);
        var bytes = new byte[blob.Size];
        content.ReadExactly(bytes);
        return bytes;
    }

    private void Verify(Descriptor descriptor, CancellationToken cancellation)
    {
        if (_verify is not null && !_verified)
        {
            _verify(Digest.Parse(descriptor.Digest).Value, cancellation);
            _verified = true;
        }
    }

    private static bool IsKnown(string? mediaType) => MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType);

    // Null when the registry does not say all of it: then the document itself does.
    private Descriptor? Head(RepositoryPlace place, CancellationToken cancellation)
    {
        Answer answer;
        var request = new RegistryRequest(HttpMethod.Head, place.At($"manifests/{Name}", cancellation), Scope.Pull(place.Path))
        {
            Accept = ManifestReader.Accept,
            IsRepeatable = !place.HasAlternative,
        };
        try
        {
            answer = _sender.Ask(place.Server, request, 0, cancellation);
        }
        catch (RegistryException error) when (error.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotAcceptable)
        {
            // An answer to HEAD has no body, so no words: GET gives them.
            return null;
        }

        ManifestReader.RefuseSchema1(answer.MediaType, Reference.ToString());
        if (!Digest.IsValid(answer.Digest) || !IsKnown(answer.MediaType) || answer.Length is null)
        {
            return null;
        }

        return Reference.Digest is null || Reference.Digest == answer.Digest
            ? new() { MediaType = answer.MediaType, Digest = answer.Digest, Size = answer.Length.Value }
            : throw new RegistryException(ErrorKind.InvalidArgument, $"manifest verification failed for digest {Reference.Digest}: the registry has {answer.Digest}");
    }

    private string Name => Reference.Digest ?? Reference.Tag!;

    private Manifest Root(RepositoryPlace place, CancellationToken cancellation) =>
        _root = Fetch(place, Name, Reference.Digest is null ? null : Digest.Parse(Reference.Digest), cancellation);

    private Manifest Fetch(RepositoryPlace place, string name, Digest? expected, CancellationToken cancellation)
    {
        var request = new RegistryRequest(HttpMethod.Get, place.At($"manifests/{name}", cancellation), Scope.Pull(place.Path))
        {
            Accept = ManifestReader.Accept,
            IsRepeatable = !place.HasAlternative,
        };
        var answer = _sender.Ask(place.Server, request, ManifestReader.LargestManifest, cancellation);
        return ManifestReader.Read(answer.Body, answer.MediaType, expected, Reference.ToString());
    }

    private HttpResponseMessage OpenAt(RepositoryPlace place, Digest digest, long offset, CancellationToken cancellation)
    {
        var request = new RegistryRequest(HttpMethod.Get, place.At($"blobs/{digest}", cancellation), Scope.Pull(place.Path))
        {
            Offset = offset,
            IsRepeatable = !place.HasAlternative,
        };
        return _sender.Open(place.Server, request, cancellation);
    }

    // The place that answered last goes first, unless it failed so often that another is to be tried. When all fail, the registry itself has the word.
    private T Try<T>(Func<RepositoryPlace, T> ask, int failures = 0)
    {
        var first = _preferred + failures;
        Exception? own = null;
        for (var count = 0; count < _places.Count; count++)
        {
            var index = (first + count) % _places.Count;
            var isRegistry = index == _places.Count - 1;
            try
            {
                var result = ask(_places[index] with { HasAlternative = count < _places.Count - 1 });
                _preferred = index;
                return result;
            }
            catch (RegistryException error)
            {
                own = isRegistry ? error.ForPull(Reference, _places[index].Server.Registry) : own;
            }
            catch (SampanException error)
            {
                own = isRegistry ? error : own;
            }
        }

        throw own!;
    }
}
