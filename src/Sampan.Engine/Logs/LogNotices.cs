using System.Text;

namespace Sampan.Engine.Logs;

/// <summary>What the engine itself has to say in a log.</summary>
internal static class LogNotices
{
    /// <summary>The monitor died, another has taken over, and these did not survive it.</summary>
    public static string Lost(IReadOnlyList<string> what) =>
        $"sampan: the monitor of this container died here and another has taken over: its {string.Join(" and its ", what)} {(what.Count == 1 ? "is" : "are")} lost\n";

    /// <summary>Lines were dropped here.</summary>
    public static byte[] Dropped(long count) => Encoding.UTF8.GetBytes(
        $"sampan: {count} {(count == 1 ? "message was" : "messages were")} dropped here: the receiver of the log did not take them in time");
}
