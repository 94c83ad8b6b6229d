using Sampan.Images;
using Sampan.Oci.Images;

namespace Sampan.Registries.Lists;

/// <summary>An image in a manifest list that is being put together.</summary>
/// <param name="Reference">Where the image is.</param>
/// <param name="Descriptor">Its manifest, with the platform the list says it is for.</param>
/// <param name="Bytes">The manifest's very bytes.</param>
public sealed record ListMember(ImageReference Reference, Descriptor Descriptor, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// The form docker's client keeps it in and shows it in (docker/cli, cli/manifest/types). It reads the manifest of the member that is named
    /// after its kind, which therefore is all of it.
    /// </summary>
    /// <returns>A JSON document, UTF-8.</returns>
    public byte[] ToJson()
    {
        var document = new ListMemberDocument { Ref = Reference.ToString(), Descriptor = Descriptor, Raw = Convert.ToBase64String(Bytes.Span) };
        var head = ListJson.ListMemberDocument.ToBytes(document).AsSpan();
        var name = Descriptor.MediaType == MediaTypes.DockerManifest ? ",\"SchemaV2Manifest\":"u8 : ",\"OCIManifest\":"u8;
        return [.. head[..^1], .. name, .. Bytes.Span, (byte)'}'];
    }
}
