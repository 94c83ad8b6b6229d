using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>Reads the log of a container.</summary>
public sealed class ContainerLog
{
    private readonly Container _container;
    private readonly Func<MonitorConnection?> _connect;
    private readonly ILogFormat _format;
    private readonly string? _path;

    /// <param name="container">Whose.</param>
    /// <param name="connect">Connects to its monitor, which tells of the end; null where it does not run.</param>
    internal ContainerLog(Container container, Func<MonitorConnection?> connect)
    {
        _container = container;
        _connect = connect;
        _format = ContainerLogFile.FormatOf(container);
        _path = ContainerLogFile.PathOf(container);
    }

    /// <summary>Hands the lines to a consumer, oldest first; with <see cref="LogReadOptions.Follow"/> until the container ends.</summary>
    /// <param name="options">Which part.</param>
    /// <param name="consumer">Who gets them.</param>
    /// <exception cref="SampanException">InvalidArgument: the log driver keeps nothing that could be read.</exception>
    /// <exception cref="LinuxException">A file could not be read.</exception>
    public void Read(LogReadOptions options, ILogConsumer consumer)
    {
        if (_path is null)
        {
            throw SampanException.InvalidArgument("configured logging driver does not support reading");
        }

        // Both before the first line is read: what is written from now on is told of, and the end comes after the last line.
        using var following = options.Follow ? Following.Begin(_connect, ContainerLogFile.DirectoryOf(_container), options, consumer) : null;

        var files = LogFileSet.Open(_path);
        if (!options.Follow)
        {
            files.ForEach(static file => file.HoldSize());
        }

        var first = options.Tail is { } lines ? LogTail.Find(files, _format, lines) : default;
        LogFileReader? reader = null;
        try
        {
            for (var index = 0; index < files.Count; index++)
            {
                if (index < first.File)
                {
                    files[index].Dispose();
                    continue;
                }

                reader?.Dispose();
                reader = new LogFileReader(files[index], _format, index == first.File ? first : default);
                if (!ReadFile(reader, options, consumer))
                {
                    Close(files, index + 1);
                    return;
                }
            }

            consumer.Flush();
            if (following is not null)
            {
                Follow(following, ref reader);
            }
        }
        finally
        {
            reader?.Dispose();
        }
    }

    private static void Close(List<LogFile> files, int from)
    {
        for (var index = from; index < files.Count; index++)
        {
            files[index].Dispose();
        }
    }

    private void Follow(Following following, ref LogFileReader? reader)
    {
        var ended = false;
        while (!ended)
        {
            ended = following.WaitForMore();
            if (!ReadNew(following, ref reader))
            {
                return;
            }

            following.Consumer.Flush();
        }
    }

    /// <summary>Reads what has come since, over as many rotations as there were.</summary>
    /// <returns>False when what follows is too late.</returns>
    private bool ReadNew(Following following, ref LogFileReader? reader)
    {
        while (true)
        {
            // Asked before the file is read to its end: after a rotation nothing is written to the old one.
            var next = reader is null ? OpenFirst() : LogFileSet.OpenNext(_path!, reader.File);
            if (reader is not null && !ReadFile(reader, following.Options, following.Consumer))
            {
                next?.Dispose();
                return false;
            }

            if (next is null)
            {
                return true;
            }

            reader?.Dispose();
            reader = new LogFileReader(next, _format);
        }
    }

    private LogFile? OpenFirst()
    {
        var files = LogFileSet.Open(_path!);
        Close(files, 1);
        return files.Count > 0 ? files[0] : null;
    }

    private bool ReadFile(LogFileReader reader, LogReadOptions options, ILogConsumer consumer)
    {
        while (reader.TryRead(out var record))
        {
            if (!_format.TryParse(record))
            {
                continue;
            }

            if (options.Until is { } until && _format.Moment > until)
            {
                return false;
            }

            var wanted = _format.Stream == LogStream.Stdout ? options.Stdout : options.Stderr;
            if (wanted && !(_format.Moment < options.Since))
            {
                consumer.Write(new LogEntry(_format.Stream, _format.Time, _format.Text, options.Details ? _format.Details : null));
            }
        }

        return true;
    }
}
