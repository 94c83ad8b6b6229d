using System.Text.Json;
using Sampan.Engine.Storage;

namespace Sampan.Engine.Containers;

/// <summary>health.json of a container: the last results, which only inspect shows. Lost with a power cut, since the next check makes it anew.</summary>
internal static class HealthFile
{
    public static string PathOf(string containerDirectory) => containerDirectory + "/health.json";

    /// <summary>Whether there is none, or one that can be read.</summary>
    public static bool IsWhole(string containerDirectory) => !Entries.Exists(PathOf(containerDirectory)) || TryRead(containerDirectory) is not null;

    /// <returns>Null when there is none, or none that can be read.</returns>
    public static ContainerHealth? TryRead(string containerDirectory)
    {
        if (RecordFile.TryRead(PathOf(containerDirectory)) is not { } bytes)
        {
            return null;
        }

        try
        {
            return EngineJson.ContainerHealth.Parse(bytes);
        }
        catch (JsonException)
        {
            // Cut off by a power cut: nothing is known.
            return null;
        }
    }

    public static void Write(string containerDirectory, ContainerHealth health) =>
        RecordFile.Replace(PathOf(containerDirectory), EngineJson.ContainerHealth.ToBytes(health), durable: false);
}
