using System.Text;

namespace Sampan.Engine.Logs;

/// <summary>What the engine itself has to say in a log.</summary>
internal static class LogNotices
{
    /// <summary>Lines were dropped here.</summary>
    public static byte[] Dropped(long count) => Encoding.UTF8.GetBytes(
        $"sampan: {count} {(count == 1 ? "message was" : "messages were")} dropped here: the receiver of the log did not take them in time");
}
