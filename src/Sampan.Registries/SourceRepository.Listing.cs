using Sampan.Images;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Http;
using Sampan.Registries.Manifests;
using Sampan.Registries.Tokens;

namespace Sampan.Registries;

/// <content>Tags and referrers.</content>
public sealed partial class SourceRepository
{
    /// <summary>The tags of the repository (distribution-spec, "Listing Tags").</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The tags, in the registry's order.</returns>
    /// <exception cref="SampanException">The registry refuses or does not answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<string> ListTags(CancellationToken cancellation = default) => Try(place =>
    {
        List<string> tags = [];
        var request = new RegistryRequest(HttpMethod.Get, place.At("tags/list?n=1000", cancellation), Scope.Pull(place.Path))
        {
            IsRepeatable = !place.HasAlternative,
        };
        foreach (var answer in Pages.Walk(_sender, place.Server, request, cancellation))
        {
            tags.AddRange((Pages.Parse(answer, ManifestJson.TagList).Tags ?? []).Where(ImageReference.IsTag));
        }

        return tags;
    });

    /// <summary>
    /// Manifests that refer to another: signatures, attestations (distribution-spec, "Listing Referrers"). Of a registry that keeps no such
    /// list the tag is read that clients keep instead.
    /// </summary>
    /// <param name="digest">The manifest referred to.</param>
    /// <param name="artifactType">Only those of this type; null for all.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Descriptors with artifact type and annotations; none when there are none.</returns>
    /// <exception cref="SampanException">The registry refuses or does not answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<Descriptor> ListReferrers(string digest, string? artifactType = null, CancellationToken cancellation = default)
    {
        var subject = Digest.Parse(digest);
        var all = Try(place => Referrers.List(_sender, place, subject, artifactType, cancellation));
        return artifactType is null ? all : [.. all.Where(referrer => referrer.ArtifactType == artifactType)];
    }
}
