using Sampan.Images;
using Sampan.Json;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Registries.Lists;

/// <summary>Manifest lists as docker's client writes them: to the byte, so that a list has one digest whoever of both pushes it.</summary>
public static class ManifestList
{
    /// <summary>Lays a list out.</summary>
    /// <param name="manifests">Its images, in order. The first decides whether it is an OCI index or docker's manifest list.</param>
    /// <returns>A JSON document, UTF-8.</returns>
    public static byte[] Format(IReadOnlyList<Descriptor> manifests)
    {
        List<ListEntry> entries = [];
        foreach (var manifest in manifests)
        {
            entries.Add(new() { MediaType = manifest.MediaType, Size = manifest.Size, Digest = manifest.Digest, Platform = Complete(manifest.Platform) });
        }

        var document = new ListDocument { MediaType = MediaTypeOf(manifests), Manifests = entries };
        return JsonIndentation.Indent(ListJson.ListDocument.ToBytes(document), "   "u8);
    }

    /// <summary>Lays the list of some images out, as it is so far.</summary>
    /// <param name="list">Its name.</param>
    /// <param name="members">Its images.</param>
    /// <returns>A JSON document, UTF-8.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>, in docker's words: an image of another registry.</exception>
    public static byte[] Format(ImageReference list, IReadOnlyList<ListMember> members)
    {
        List<Descriptor> manifests = [];
        foreach (var member in members)
        {
            RequireRegistry(list, member, "failed to assemble ManifestDescriptor: ");
            manifests.Add(member.Descriptor);
        }

        return Format(manifests);
    }

    /// <summary>The list as it is pushed.</summary>
    /// <param name="list">Its name.</param>
    /// <param name="members">Its images.</param>
    /// <returns>An OCI index, or docker's manifest list.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>, in docker's words: an image of another registry, or one that
    /// does not say what it is for. <see cref="ErrorKind.NotFound"/>: no image.</exception>
    public static Manifest Build(ImageReference list, IReadOnlyList<ListMember> members)
    {
        if (members.Count == 0)
        {
            throw SampanException.NotFound($"{list} not found");
        }

        List<Descriptor> manifests = [];
        foreach (var member in members)
        {
            if (member.Descriptor.Platform is not { Os.Length: > 0, Architecture.Length: > 0 })
            {
                throw SampanException.InvalidArgument(
                    $"manifest {member.Reference} must have an OS and Architecture to be pushed to a registry: say them with manifest annotate --os --arch");
            }

            RequireRegistry(list, member);
            manifests.Add(member.Descriptor);
        }

        return TargetRepository.ReadManifest(Format(manifests), MediaTypeOf(manifests), list.ToString());
    }

    /// <summary>A platform with both its names, be they empty.</summary>
    internal static Platform Complete(Platform? platform) =>
        (platform ?? new()) with { Os = platform?.Os ?? "", Architecture = platform?.Architecture ?? "" };

    private static string MediaTypeOf(IReadOnlyList<Descriptor> manifests) =>
        manifests is [{ MediaType: MediaTypes.Manifest }, ..] ? MediaTypes.Index : MediaTypes.DockerManifestList;

    private static void RequireRegistry(ImageReference list, ListMember member, string before = "")
    {
        if (member.Reference.Domain != list.Domain)
        {
            throw SampanException.InvalidArgument(
                $"{before}cannot use source images from a different registry than the target image: {member.Reference.Domain} != {list.Domain}");
        }
    }
}
