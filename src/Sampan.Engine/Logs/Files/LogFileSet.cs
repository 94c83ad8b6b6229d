using Sampan.Linux.Files;

namespace Sampan.Engine.Logs;

/// <summary>The files of a log at one moment, found while a writer may be renaming them.</summary>
internal static class LogFileSet
{
    /// <summary>Opens all of them.</summary>
    /// <param name="path">The log.</param>
    /// <returns>Oldest first.</returns>
    public static List<LogFile> Open(string path)
    {
        while (true)
        {
            // Files are moved up one by one, from the oldest on: one number may be missing at any moment, two never.
            List<LogFile> files = [];
            var missing = 0;
            var hasFirst = false;
            for (var number = 0; missing < 2; number++)
            {
                var file = LogFile.TryOpen(LogFiles.Rotated(path, number));
                missing = file is null ? missing + 1 : 0;
                hasFirst |= file is { IsPacked: false } && number == 0;
                if (file is not null)
                {
                    files.Add(file);
                }
            }

            if (AreDifferent(files) && IsStillFirst(files, path, hasFirst))
            {
                files.Reverse();
                return files;
            }

            // A rotation went through while they were opened: one file was met under two names, or a younger one behind an older.
            files.ForEach(static file => file.Dispose());
        }
    }

    /// <summary>Opens the file that follows one in time.</summary>
    /// <param name="path">The log.</param>
    /// <param name="current">The one before.</param>
    /// <returns>Null when that is the one being written. The oldest there is, when it was rotated away altogether.</returns>
    public static LogFile? OpenNext(string path, LogFile current)
    {
        if (current.IsAt(path))
        {
            return null;
        }

        var files = Open(path);
        var index = files.FindIndex(file => file.Identity == current.Identity);
        var next = index == files.Count - 1 ? null : files[index + 1];
        foreach (var file in files)
        {
            if (file != next)
            {
                file.Dispose();
            }
        }

        return next;
    }

    // The last name a rotation changes is that of the file being written: while that is the same file, nothing behind it came from later.
    private static bool IsStillFirst(List<LogFile> files, string path, bool hasFirst) =>
        hasFirst ? files[0].IsAt(path) : FileDescriptor.TryStatus(path) is null;

    private static bool AreDifferent(List<LogFile> files)
    {
        HashSet<LogFileIdentity> seen = [];
        foreach (var file in files)
        {
            if (!seen.Add(file.Identity))
            {
                return false;
            }
        }

        return true;
    }
}
