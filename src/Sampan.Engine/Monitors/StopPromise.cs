using System.Text.Json;
using Sampan.Engine.Storage;

namespace Sampan.Engine.Monitors;

/// <summary>
/// What a stop has promised and its monitor might not live to keep: stop.json in the container's run directory, from the signal to the end.
/// Of this boot, and on a file system in memory: it costs a stop some microseconds.
/// </summary>
public sealed record StopPromise
{
    private const string Name = "/stop.json";

    /// <summary>When SIGKILL is to come, in milliseconds of <see cref="Environment.TickCount64"/>, which all processes of a boot share; null is never.</summary>
    public long? KillAt { get; init; }

    /// <summary>It is to be started again then.</summary>
    public bool Restart { get; init; }

    /// <summary>Its end is told as a stop.</summary>
    public bool IsEvent { get; init; }

    /// <summary>Writes it down.</summary>
    /// <param name="runDirectory">The container's.</param>
    internal void Write(string runDirectory) => RecordFile.Replace(runDirectory + Name, EngineJson.StopPromise.ToBytes(this), durable: false);

    /// <summary>Reads it.</summary>
    /// <param name="runDirectory">The container's.</param>
    /// <returns>Null where no stop is under way.</returns>
    internal static StopPromise? TryRead(string runDirectory)
    {
        if (RecordFile.TryRead(runDirectory + Name) is not { } bytes)
        {
            return null;
        }

        try
        {
            return EngineJson.StopPromise.Parse(bytes);
        }
        catch (JsonException)
        {
            // Damaged by hand: the container is stopped again by whoever still wants it.
            return null;
        }
    }

    /// <summary>Forgets it.</summary>
    /// <param name="runDirectory">The container's.</param>
    internal static void Remove(string runDirectory) => Entries.RemoveFile(runDirectory + Name);
}
