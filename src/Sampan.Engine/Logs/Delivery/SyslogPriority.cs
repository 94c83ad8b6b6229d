using System.Globalization;
using Sampan.Linux;

namespace Sampan.Engine.Logs.Delivery;

/// <summary>Facilities of syslog (RFC 5424, 6.2.1), with docker's names.</summary>
internal static class SyslogPriority
{
    private static readonly string[] Names =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "", "", "", "",
        "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    /// <summary>Reads a facility.</summary>
    /// <param name="text">A name or a number; empty is daemon.</param>
    /// <exception cref="SampanException">InvalidArgument: there is no such facility.</exception>
    public static int ParseFacility(string text)
    {
        if (text.Length == 0)
        {
            return 3;
        }

        var named = Array.IndexOf(Names, text);
        return named >= 0 ? named
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Names.Length ? number
            : throw SampanException.InvalidArgument("invalid syslog facility: use a name such as daemon or local0, or a number up to 23");
    }
}
