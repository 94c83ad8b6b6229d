using System.Text.Json;
using Sampan.Oci.Images;

namespace Sampan.Images.Documents;

/// <summary>Reads the store's index.json as the serializer would.</summary>
internal static class IndexReader
{
    /// <exception cref="JsonException">Not JSON, or not of that shape.</exception>
    public static List<Descriptor> Read(ref Utf8JsonReader reader)
    {
        List<Descriptor> descriptors = [];
        if (!JsonValues.EnterObject(ref reader))
        {
            throw JsonValues.Unexpected(ref reader);
        }

        while (JsonValues.NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("manifests"u8))
            {
                reader.Skip();
                continue;
            }

            if (JsonValues.EnterArray(ref reader))
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    descriptors.Add(ReadDescriptor(ref reader));
                }
            }
        }

        return descriptors;
    }

    private static Descriptor ReadDescriptor(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw JsonValues.Unexpected(ref reader);
        }

        var descriptor = new Descriptor();
        while (JsonValues.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("mediaType"u8))
            {
                descriptor.MediaType = JsonValues.Text(ref reader);
            }
            else if (reader.ValueTextEquals("digest"u8))
            {
                descriptor.Digest = JsonValues.Text(ref reader);
            }
            else if (reader.ValueTextEquals("size"u8))
            {
                descriptor.Size = JsonValues.Number(ref reader);
            }
            else if (reader.ValueTextEquals("annotations"u8))
            {
                descriptor.Annotations = JsonValues.Map(ref reader);
            }
            else if (reader.ValueTextEquals("platform"u8))
            {
                descriptor.Platform = JsonValues.EnterObject(ref reader) ? ReadPlatform(ref reader) : null;
            }
            else
            {
                reader.Skip();
            }
        }

        return descriptor;
    }

    private static Platform ReadPlatform(ref Utf8JsonReader reader)
    {
        var platform = new Platform();
        while (JsonValues.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("architecture"u8))
            {
                platform.Architecture = JsonValues.Text(ref reader);
            }
            else if (reader.ValueTextEquals("os"u8))
            {
                platform.Os = JsonValues.Text(ref reader);
            }
            else if (reader.ValueTextEquals("variant"u8))
            {
                platform.Variant = JsonValues.Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return platform;
    }
}
