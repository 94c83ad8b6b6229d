using System.Text.Json;
using Sampan.Engine.Storage;

namespace Sampan.Engine.Networks;

/// <summary>How a container that runs is connected (network.json in its run directory, gone with its end).</summary>
public sealed record NetworkState
{
    /// <summary>Where it is: that which has the default route first.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; set; } = [];

    /// <summary>What leads to it; absent is nothing.</summary>
    public IReadOnlyList<OpenPort>? Ports { get; init; }

    /// <summary>Whether its resolver is its monitor.</summary>
    public bool AnswersNames { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="runDirectory">The container's.</param>
    /// <returns>Null where there is none, or none that can be read.</returns>
    internal static NetworkState? TryRead(string runDirectory)
    {
        try
        {
            return RecordFile.TryRead(PathOf(runDirectory)) is { } bytes ? EngineJson.NetworkState.Parse(bytes) : null;
        }
        catch (JsonException)
        {
            // Damaged: as little is known as where the container is not connected.
            return null;
        }
    }

    /// <summary>Writes it. It is of this boot, so not synced.</summary>
    /// <param name="runDirectory">The container's.</param>
    internal void Write(string runDirectory) => RecordFile.Replace(PathOf(runDirectory), EngineJson.NetworkState.ToBytes(this), durable: false);

    /// <summary>Removes it, and what a writer that was killed left.</summary>
    /// <param name="runDirectory">The container's.</param>
    internal static void Remove(string runDirectory)
    {
        Entries.RemoveFile(PathOf(runDirectory));
        Entries.RemoveFile(PathOf(runDirectory) + ".new");
    }

    private static string PathOf(string runDirectory) => runDirectory + "/network.json";
}
