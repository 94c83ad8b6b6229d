using System.Text.Json;
using Sampan.Cli.Formatting;
using Sampan.Engine.Volumes;

namespace Sampan.Cli.Commands.Inspection;

/// <summary>A volume in the shape of docker's API (GET /volumes/{name}).</summary>
internal static class VolumeInspection
{
    /// <summary>Makes the document.</summary>
    /// <param name="volume">The volume.</param>
    /// <returns>The document.</returns>
    public static JsonDocument Of(Volume volume) => JsonDocuments.Make(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("CreatedAt", Timestamp.Rfc3339(volume.Record.CreatedAt));
        writer.WriteString("Driver", volume.Record.Driver);
        WriteMap(writer, "Labels", volume.Record.Labels);
        writer.WriteString("Mountpoint", volume.Mountpoint);
        writer.WriteString("Name", volume.Name);
        WriteMap(writer, "Options", volume.Record.Options);
        writer.WriteString("Scope", "local");
        writer.WriteEndObject();
    });

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string>? map)
    {
        writer.WritePropertyName(name);
        if (map is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            InspectJson.StringMap.Write(writer, map);
        }
    }
}
