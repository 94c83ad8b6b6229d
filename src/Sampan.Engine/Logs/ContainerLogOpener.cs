using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.Engine.Logs;

/// <summary>Opens the log of a container for writing, by its driver and options.</summary>
internal static class ContainerLogOpener
{
    /// <param name="container">Whose.</param>
    /// <param name="loop">Who tells of events, for drivers that have a receiver.</param>
    /// <returns>The log.</returns>
    /// <exception cref="SampanException">Unavailable: nobody listens where it is to go.</exception>
    /// <exception cref="LinuxException">A file cannot be made.</exception>
    public static ILogWriter Open(Container container, EventLoop loop)
    {
        var config = container.HostConfig.LogConfig;
        var options = config.Config;
        switch (config.Type)
        {
            case "none":
                return new NoLogWriter();
            case "local":
                Entries.MakeDirectory(ContainerLogFile.DirectoryOf(container), Entries.PrivateDirectory);
                return new LineSplitter([new LocalLogSink(ContainerLogFile.PathOf(container)!, LogDriverOptions.Limits(config))]);
            case "journald":
                var journal = new JournalSink(loop, container, Tag(container, LogTag.Standard), LogAttributes.Of(container.Config, options));
                return new LineSplitter(WithCopy(journal, container), journal.Delivery);
            case "syslog":
                var syslog = new SyslogSink(loop, options, Tag(container, LogTag.Standard));
                return new LineSplitter(WithCopy(syslog, container), syslog.Delivery);
            default:
                return new LineSplitter([new JsonLogSink(container.LogPath, LogDriverOptions.Limits(config), JsonAttributes(container))]);
        }
    }

    private static string Tag(Container container, string standard) =>
        LogTag.Of(container.HostConfig.LogConfig.Config.GetValueOrDefault("tag", standard), container);

    private static SortedDictionary<string, string>? JsonAttributes(Container container)
    {
        var options = container.HostConfig.LogConfig.Config;
        if (options.Count == 0)
        {
            return null;
        }

        var attributes = LogAttributes.Of(container.Config, options);
        if (Tag(container, "") is { Length: > 0 } tag)
        {
            attributes["tag"] = tag;
        }

        return attributes;
    }

    /// <summary>A driver whose lines are elsewhere gets a copy that `logs` reads, as with docker since 20.10.</summary>
    private static ILogSink[] WithCopy(ILogSink sink, Container container)
    {
        var options = container.HostConfig.LogConfig.Config;
        return ContainerLogFile.PathOf(container) is { } path
            ? [sink, new LocalLogSink(path, LogLimitOptions.Read(options, LogLimits.Local, "cache-"))]
            : [sink];
    }
}
