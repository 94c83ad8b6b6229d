using Sampan.Engine.Containers;
using Sampan.Engine.Logs.Delivery;
using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>Which log drivers there are, and which options each takes: docker's names and words (moby, daemon/logger).</summary>
internal static class LogDriverOptions
{
    /// <summary>The drivers.</summary>
    public const string Drivers = "json-file, local, journald, syslog and none";

    private static readonly string[] AnyDriver = ["mode", "max-buffer-size", "cache-disabled", "cache-max-size", "cache-max-file", "cache-compress"];
    private static readonly string[] Attributes = ["labels", "labels-regex", "env", "env-regex", "tag"];

    /// <summary>Refuses an unknown driver, an unknown option, and a value that makes no sense.</summary>
    /// <exception cref="SampanException">InvalidArgument.</exception>
    public static void Check(LogConfig config)
    {
        var options = config.Config;
        if (config.Type == "none")
        {
            return;
        }

        CheckMode(options);
        Action<string> check = config.Type switch
        {
            "json-file" or "" => CheckJsonFile,
            "local" => CheckLocal,
            "journald" => CheckJournald,
            "syslog" => CheckSyslog,
            _ => throw SampanException.InvalidArgument($"logger: no log driver named '{config.Type}' is registered: there are {Drivers}"),
        };
        foreach (var option in options.Keys)
        {
            if (Array.IndexOf(AnyDriver, option) < 0)
            {
                check(option);
            }
        }

        CheckValues(config);
    }

    /// <summary>When a log that is files is rotated.</summary>
    /// <exception cref="SampanException">InvalidArgument: a value makes no sense.</exception>
    public static LogLimits Limits(LogConfig config) =>
        LogLimitOptions.Read(config.Config, config.Type == "local" ? LogLimits.Local : LogLimits.Default);

    private static void CheckMode(IReadOnlyDictionary<string, string> options)
    {
        var mode = options.GetValueOrDefault("mode", "");
        if (mode is not ("" or "blocking" or "non-blocking"))
        {
            throw SampanException.InvalidArgument($"logger: logging mode not supported: {mode}");
        }

        if (options.TryGetValue("max-buffer-size", out var size))
        {
            if (mode != "non-blocking")
            {
                throw SampanException.InvalidArgument("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
            }

            _ = LogLimitOptions.ParseMemory("max-buffer-size", size);
        }
    }

    private static void CheckValues(LogConfig config)
    {
        var options = config.Config;
        if (options.TryGetValue("tag", out var tag))
        {
            LogTag.Check(tag);
        }

        foreach (var option in (ReadOnlySpan<string>)["labels-regex", "env-regex"])
        {
            if (options.TryGetValue(option, out var pattern))
            {
                _ = LogPattern.Parse(option, pattern);
            }
        }

        if (options.TryGetValue("cache-disabled", out var disabled))
        {
            _ = LogSwitch.Parse("cache-disabled", disabled);
        }

        _ = LogLimitOptions.Read(options, LogLimits.Local, "cache-");
        _ = Limits(config);
        if (config.Type == "syslog")
        {
            _ = SyslogAddress.Parse(options.GetValueOrDefault("syslog-address", ""));
            _ = SyslogPriority.ParseFacility(options.GetValueOrDefault("syslog-facility", ""));
            SyslogLine.CheckFormat(options.GetValueOrDefault("syslog-format", ""));
        }
    }

    private static void CheckJsonFile(string option)
    {
        if (option is not ("max-size" or "max-file" or "compress") && !IsAttribute(option))
        {
            throw SampanException.InvalidArgument($"unknown log opt '{option}' for json-file log driver");
        }
    }

    private static void CheckLocal(string option)
    {
        if (option is not ("max-size" or "max-file" or "compress"))
        {
            throw SampanException.InvalidArgument($"unknown log opt '{option}' for log driver local");
        }
    }

    private static void CheckJournald(string option)
    {
        if (!IsAttribute(option))
        {
            throw SampanException.InvalidArgument($"unknown log opt '{option}' for journald log driver");
        }
    }

    private static void CheckSyslog(string option)
    {
        if (option.StartsWith("syslog-tls-", StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument($"log opt '{option}': syslog over TLS is not supported: send to a local forwarder");
        }

        if (option is not ("syslog-address" or "syslog-facility" or "syslog-format") && !IsAttribute(option))
        {
            throw SampanException.InvalidArgument($"unknown log opt '{option}' for syslog log driver");
        }
    }

    private static bool IsAttribute(string option) => Array.IndexOf(Attributes, option) >= 0;
}
