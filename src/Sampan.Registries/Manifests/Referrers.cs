using Sampan.Images.Content;
using Sampan.Oci.Images;
using Sampan.Registries.Http;
using Sampan.Registries.Tokens;

namespace Sampan.Registries.Manifests;

/// <summary>Who refers to a manifest: the registry's own list, or the tag that clients keep where it has none (distribution-spec, "Referrers Tag Schema").</summary>
internal static class Referrers
{
    /// <exception cref="RegistryException">The registry refuses or does not answer.</exception>
    public static IReadOnlyList<Descriptor> List(
        Sender sender,
        RepositoryPlace place,
        Digest subject,
        string? artifactType,
        CancellationToken cancellation)
    {
        var query = artifactType is null ? "" : "?artifactType=" + Uri.EscapeDataString(artifactType);
        var request = new RegistryRequest(HttpMethod.Get, place.At($"referrers/{subject}{query}", cancellation), Scope.Pull(place.Path))
        {
            Accept = MediaTypes.Index,
            IsRepeatable = !place.HasAlternative,
        };
        try
        {
            List<Descriptor> referrers = [];
            foreach (var answer in Pages.Walk(sender, place.Server, request, cancellation))
            {
                referrers.AddRange(Pages.Parse(answer, ImageJson.ImageIndex).Manifests ?? []);
            }

            return referrers;
        }
        catch (RegistryException error) when (error.IsMissing)
        {
            return Tagged(sender, place, subject, cancellation);
        }
    }

    /// <summary>Notes in the tag that a manifest refers to another, when the registry did not say that it keeps a list.</summary>
    /// <exception cref="RegistryException">The registry refuses or does not answer.</exception>
    public static void Add(Sender sender, RepositoryPlace place, Digest subject, Descriptor referrer, CancellationToken cancellation)
    {
        List<Descriptor> referrers = [.. Tagged(sender, place, subject, cancellation)];
        if (referrers.Exists(other => other.Digest == referrer.Digest))
        {
            return;
        }

        referrers.Add(referrer);
        var index = ImageJson.ImageIndex.ToBytes(new() { MediaType = MediaTypes.Index, Manifests = referrers });
        var request = new RegistryRequest(HttpMethod.Put, place.At($"manifests/{Tag(subject)}", cancellation), Scope.Push(place.Path))
        {
            Content = _ => new ByteArrayContent(index) { Headers = { ContentType = new(MediaTypes.Index) } },
        };
        sender.Ask(place.Server, request, ManifestReader.LargestManifest, cancellation);
    }

    private static string Tag(Digest subject) => "sha256-" + subject.Hex;

    private static IReadOnlyList<Descriptor> Tagged(Sender sender, RepositoryPlace place, Digest subject, CancellationToken cancellation)
    {
        var request = new RegistryRequest(HttpMethod.Get, place.At($"manifests/{Tag(subject)}", cancellation), Scope.Pull(place.Path))
        {
            Accept = MediaTypes.Index,
            IsRepeatable = !place.HasAlternative,
        };
        try
        {
            var answer = sender.Ask(place.Server, request, ManifestReader.LargestManifest, cancellation);
            return ManifestReader.Read(answer.Body, answer.MediaType, null, $"{place}:{Tag(subject)}").Manifests;
        }
        catch (RegistryException error) when (error.IsMissing)
        {
            return [];
        }
    }
}
