using Sampan.Engine.Logs;
using Sampan.Engine.Storage;
using Sampan.Linux.Events;

namespace Sampan.Engine.Events;

/// <summary>Reads the journal, and goes on as it grows.</summary>
/// <param name="paths">Where the state is.</param>
public sealed class EventReader(EnginePaths paths)
{
    private readonly string _path = new EventJournal(paths).Path;
    private readonly JsonLogFormat _format = new();

    /// <summary>Hands events to a consumer, oldest first, until the time asked for; without one it does not return.</summary>
    /// <param name="since">Events from then on; null begins with what happens from now on, unless an end is given.</param>
    /// <param name="until">Events up to then; null is without end.</param>
    /// <param name="consume">Gets each event.</param>
    /// <param name="pause">Called when there is none for now.</param>
    /// <exception cref="Linux.LinuxException">The journal could not be read or watched.</exception>
    public void Read(DateTimeOffset? since, DateTimeOffset? until, Action<EngineEvent> consume, Action pause)
    {
        Entries.MakeDirectory(paths.State, Entries.PassableDirectory);

        // Before the first line is read: what is written from now on is told of.
        using var changes = new Inotify();
        _ = changes.Watch(paths.State, InotifyEvents.Modified | InotifyEvents.Created | InotifyEvents.MovedTo);
        var files = LogFileSet.Open(_path);
        LogFileReader? reader = null;
        try
        {
            for (var index = 0; index < files.Count; index++)
            {
                reader?.Dispose();
                var isHistory = since is null && until is null;
                reader = new LogFileReader(files[index], _format, new(index, isHistory ? files[index].Size : 0));
                ReadLines(reader, since, until, consume);
            }

            while (true)
            {
                pause();
                var timeout = until is { } end ? (int)Math.Clamp((end - DateTimeOffset.UtcNow).TotalMilliseconds + 1, 0, int.MaxValue) : -1;
                if (timeout == 0)
                {
                    return;
                }

                _ = Poll.Wait(changes.Descriptor.Number, EpollEvents.Readable, timeout);
                changes.Drain();
                ReadNew(ref reader, since, until, consume);
            }
        }
        finally
        {
            reader?.Dispose();
        }
    }

    private void ReadNew(ref LogFileReader? reader, DateTimeOffset? since, DateTimeOffset? until, Action<EngineEvent> consume)
    {
        while (true)
        {
            // Asked before the file is read to its end: who had it open may have written to it after it was renamed.
            var next = reader is null ? LogFile.TryOpen(_path) : LogFileSet.OpenNext(_path, reader.File);
            if (reader is not null)
            {
                ReadLines(reader, since, until, consume);
            }

            if (next is null)
            {
                return;
            }

            reader?.Dispose();
            reader = new LogFileReader(next, _format);
        }
    }

    private static void ReadLines(LogFileReader reader, DateTimeOffset? since, DateTimeOffset? until, Action<EngineEvent> consume)
    {
        while (reader.TryRead(out var record))
        {
            if (EventLine.TryParse(record[..^1]) is { } happened && !(happened.Time < since) && !(happened.Time > until))
            {
                consume(happened);
            }
        }
    }
}
