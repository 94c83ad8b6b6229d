using Sampan.Linux.Files;

namespace Sampan.Engine.Logs;

/// <summary>Finds where the last lines of a log begin, reading from the end and no further than needed.</summary>
internal static class LogTail
{
    private const int ChunkLength = 64 << 10;

    /// <summary>Where to begin.</summary>
    /// <param name="files">Files of the log, oldest first.</param>
    /// <param name="lines">How many lines.</param>
    /// <returns>Index of a file and an offset in it.</returns>
    public static (int File, long Offset) Find(IReadOnlyList<FileDescriptor> files, long lines)
    {
        var buffer = new byte[ChunkLength];
        var wanted = lines;
        for (var index = files.Count - 1; index >= 0; index--)
        {
            var file = files[index];
            var end = LastLineEnd(file, buffer);
            if (wanted == 0)
            {
                return (index, end);
            }

            // The newline that ends the last line is not the one before it.
            for (var position = end - 1; position > 0;)
            {
                var length = (int)Math.Min(position, buffer.Length);
                var count = file.ReadAt(buffer.AsSpan(0, length), position - length);
                for (var at = buffer.AsSpan(0, count).LastIndexOf((byte)'\n'); at >= 0; at = buffer.AsSpan(0, at).LastIndexOf((byte)'\n'))
                {
                    if (--wanted == 0)
                    {
                        return (index, position - length + at + 1);
                    }
                }

                position -= length;
            }

            // The first line of a file has no newline before it.
            if (end > 0 && --wanted == 0)
            {
                return (index, 0);
            }
        }

        return (0, 0);
    }

    /// <summary>Where the last whole line ends: behind it a line may be being written.</summary>
    private static long LastLineEnd(FileDescriptor file, byte[] buffer)
    {
        for (var position = file.Status().Size; position > 0;)
        {
            var length = (int)Math.Min(position, buffer.Length);
            var count = file.ReadAt(buffer.AsSpan(0, length), position - length);
            var newline = buffer.AsSpan(0, count).LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                return position - length + newline + 1;
            }

            position -= length;
        }

        return 0;
    }
}
