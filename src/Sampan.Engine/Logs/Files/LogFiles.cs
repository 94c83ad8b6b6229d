using System.Globalization;
using Sampan.Engine.Storage;

namespace Sampan.Engine.Logs;

/// <summary>Names of the files of one log: PATH is written, PATH.1 is the one before it, and so on; PATH.1.gz is packed.</summary>
internal static class LogFiles
{
    /// <summary>What the name of a packed file ends in.</summary>
    public const string Packed = ".gz";

    /// <param name="path">The log.</param>
    /// <param name="number">1 for the youngest of the old ones; 0 is the log itself.</param>
    public static string Rotated(string path, int number) => number == 0 ? path : path + "." + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Gives the file before a number that number, over whatever has it.</summary>
    /// <param name="path">The log.</param>
    /// <param name="number">1 or more.</param>
    /// <exception cref="Linux.LinuxException">A name could not be changed.</exception>
    public static void MoveUp(string path, int number)
    {
        var (from, to) = (Rotated(path, number - 1), Rotated(path, number));
        if (Entries.TryRename(from, to))
        {
            Entries.RemoveFile(to + Packed);
            if (number > 1)
            {
                // Left where packing it was interrupted after the last byte.
                Entries.RemoveFile(from + Packed);
            }
        }
        else if (number > 1 && Entries.TryRename(from + Packed, to + Packed))
        {
            Entries.RemoveFile(to);
        }
    }
}
