using System.Globalization;

namespace Sampan.Engine.Logs;

/// <summary>Names of the files of one log: PATH is written, PATH.1 is the one before it, and so on.</summary>
internal static class LogFiles
{
    /// <param name="path">The log.</param>
    /// <param name="number">1 for the youngest of the old ones; 0 is the log itself.</param>
    public static string Rotated(string path, int number) => number == 0 ? path : path + "." + number.ToString(CultureInfo.InvariantCulture);
}
