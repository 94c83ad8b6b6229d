using System.Text.Json;
using Sampan.Oci.Images;

namespace Sampan.Images.Documents;

/// <summary>Reads the part of an image configuration that says how containers run.</summary>
internal static class ImageConfigReader
{
    /// <summary>Reads from the start of the object to its end.</summary>
    /// <exception cref="JsonException">Not of that shape.</exception>
    public static ImageConfig Read(ref Utf8JsonReader reader)
    {
        var config = new ImageConfig();
        Dictionary<string, JsonElement>? others = null;
        while (JsonValues.NextProperty(ref reader))
        {
            if (!TryReadText(ref reader, config) && !TryReadList(ref reader, config))
            {
                JsonValues.Keep(ref reader, ref others);
            }
        }

        config.Others = others;
        return config;
    }

    private static bool TryReadText(ref Utf8JsonReader reader, ImageConfig config)
    {
        if (reader.ValueTextEquals("User"u8))
        {
            config.User = JsonValues.Text(ref reader);
        }
        else if (reader.ValueTextEquals("WorkingDir"u8))
        {
            config.WorkingDir = JsonValues.Text(ref reader);
        }
        else if (reader.ValueTextEquals("StopSignal"u8))
        {
            config.StopSignal = JsonValues.Text(ref reader);
        }
        else if (reader.ValueTextEquals("Healthcheck"u8))
        {
            // Rare, so that the serializer may do it.
            reader.Read();
            config.Healthcheck = JsonSerializer.Deserialize(ref reader, ImageJson.Default.ImageHealthCheck);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool TryReadList(ref Utf8JsonReader reader, ImageConfig config)
    {
        if (reader.ValueTextEquals("Env"u8))
        {
            config.Env = JsonValues.Strings(ref reader);
        }
        else if (reader.ValueTextEquals("Cmd"u8))
        {
            config.Cmd = JsonValues.Strings(ref reader);
        }
        else if (reader.ValueTextEquals("Entrypoint"u8))
        {
            config.Entrypoint = JsonValues.Strings(ref reader);
        }
        else if (reader.ValueTextEquals("Labels"u8))
        {
            config.Labels = JsonValues.Map(ref reader);
        }
        else if (reader.ValueTextEquals("ExposedPorts"u8))
        {
            config.ExposedPorts = JsonValues.Set(ref reader);
        }
        else if (reader.ValueTextEquals("Volumes"u8))
        {
            config.Volumes = JsonValues.Set(ref reader);
        }
        else if (reader.ValueTextEquals("OnBuild"u8))
        {
            config.OnBuild = JsonValues.Strings(ref reader);
        }
        else if (reader.ValueTextEquals("Shell"u8))
        {
            config.Shell = JsonValues.Strings(ref reader);
        }
        else
        {
            return false;
        }

        return true;
    }
}
