using Sampan.Images;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Lists;

namespace Sampan.Registries;

/// <content>Manifest lists.</content>
public sealed partial class RegistryClient
{
    private const int SkipSize = 64 << 10;

    /// <summary>
    /// Pushes a manifest list. What its images in other repositories consist of comes into the list's first, taken over by the registry or, where it
    /// does not do that, copied through this process; then their manifests; and the list last: a tag never names what is not all there.
    /// </summary>
    /// <param name="list">The list's name.</param>
    /// <param name="members">Its images.</param>
    /// <param name="pushed">Is told of manifests that are put besides the list's own: repository and digest.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The list's digest.</returns>
    /// <exception cref="SampanException">In docker's words: images of different registries, one without a platform; denied, unreachable; or an image is
    /// not there any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public string PushList(
        ImageReference list,
        IReadOnlyList<ListMember> members,
        Action<string, string>? pushed = null,
        CancellationToken cancellation = default)
    {
        var manifest = ManifestList.Build(list, members);
        var target = OpenTarget(list);
        List<Manifest> foreign = [];
        Dictionary<string, ListMember> owners = new(StringComparer.Ordinal);
        List<Descriptor> blobs = [];
        foreach (var member in members)
        {
            if (member.Reference.Name == list.Name)
            {
                continue;
            }

            var image = TargetRepository.ReadManifest(member.Bytes.ToArray(), member.Descriptor.MediaType, member.Reference.ToString());
            foreign.Add(image);
            foreach (var blob in (ReadOnlySpan<Descriptor>)[.. image.Layers, image.Config!])
            {
                if (owners.TryAdd(blob.Digest!, member))
                {
                    blobs.Add(blob);
                }
            }
        }

        target.PushBlobs(
            blobs,
            (blob, offset) => OpenFrom(owners[blob.Digest!].Reference, blob, offset, cancellation),
            new() { MountFrom = blob => MountPath(owners[blob.Digest!].Reference, list) },
            cancellation);
        foreach (var image in foreign)
        {
            target.PushManifest(image, tag: null, cancellation);
            pushed?.Invoke(list.Name, image.Descriptor.Digest!);
        }

        target.PushManifest(manifest, list.Tag, cancellation);
        return manifest.Descriptor.Digest!;
    }

    // Names that begin alike may lead to different registries.
    private string? MountPath(ImageReference image, ImageReference list)
    {
        var place = _configuration.ForPush(image);
        return place.Registry == _configuration.ForPush(list).Registry ? place.Repository : null;
    }

    private Stream OpenFrom(ImageReference image, Descriptor blob, long offset, CancellationToken cancellation)
    {
        var content = OpenSource(image).OpenBlob(blob, cancellation: cancellation);
        try
        {
            // An upload that broke goes on here: what has arrived is read again, since only a whole blob can be verified.
            var skipped = new byte[Math.Min(offset, SkipSize)];
            for (var left = offset; left > 0;)
            {
                var part = (int)Math.Min(left, skipped.Length);
                content.ReadExactly(skipped, 0, part);
                left -= part;
            }

            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}
