namespace Sampan.Engine.Logs;

/// <summary>Finds where the last records of a log begin, reading from the end and no further than needed.</summary>
internal static class LogTail
{
    /// <summary>Where to begin.</summary>
    /// <param name="files">Files of the log, oldest first.</param>
    /// <param name="format">How records lie in them.</param>
    /// <param name="records">How many records.</param>
    public static LogPosition Find(IReadOnlyList<LogFile> files, ILogFormat format, long records)
    {
        var wanted = records;
        for (var index = files.Count - 1; index >= 0; index--)
        {
            var file = files[index];
            long found;
            if (file.IsPacked)
            {
                found = Count(file, format);
                if (found >= wanted)
                {
                    return new LogPosition(index, 0, found - wanted);
                }
            }
            else
            {
                var start = format.Before(file, format.EndOfRecords(file), wanted, out found);
                if (found >= wanted)
                {
                    return new LogPosition(index, start);
                }
            }

            wanted -= found;
        }

        return default;
    }

    private static long Count(LogFile file, ILogFormat format)
    {
        // Not disposed: the file is read once more.
        var reader = new LogFileReader(file, format);
        var count = 0L;
        while (reader.TryRead(out _))
        {
            count++;
        }

        return count;
    }
}
