using System.Globalization;
using System.Text;
using Sampan.Linux;

namespace Sampan.Engine.Logs.Delivery;

/// <summary>A line as syslog takes it, in the formats of docker's driver (option syslog-format).</summary>
/// <param name="format">rfc3164, rfc5424, rfc5424micro, or empty for the form of the host's own syslog.</param>
/// <param name="facility">Facility's number.</param>
/// <param name="tag">Who says it.</param>
internal sealed class SyslogLine(string format, int facility, string tag)
{
    private const int ErrorSeverity = 3;
    private const int InformationSeverity = 6;
    private readonly string _process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="SampanException">InvalidArgument: there is no such format.</exception>
    public static void CheckFormat(string format)
    {
        if (format is not ("" or "rfc3164" or "rfc5424" or "rfc5424micro"))
        {
            throw SampanException.InvalidArgument("invalid syslog format: use rfc3164, rfc5424 or rfc5424micro");
        }
    }

    /// <summary>Makes a line, its newline included.</summary>
    public byte[] Make(LogStream stream, DateTimeOffset time, ReadOnlySpan<byte> text)
    {
        var local = time.ToLocalTime();
        var priority = (facility * 8) + (stream == LogStream.Stderr ? ErrorSeverity : InformationSeverity);
        var header = format switch
        {
            "rfc3164" => $"<{priority}>{Stamp(local)} {Environment.MachineName} {tag}[{_process}]: ",
            "rfc5424" => $"<{priority}>1 {Rfc3339(local, "yyyy-MM-ddTHH:mm:ss")} {Environment.MachineName} {tag} {_process} {tag} - ",
            "rfc5424micro" => $"<{priority}>1 {Rfc3339(local, "yyyy-MM-ddTHH:mm:ss.ffffff")} {Environment.MachineName} {tag} {_process} {tag} - ",
            _ => $"<{priority}>{Stamp(local)} {tag}[{_process}]: ",
        };
        return [.. Encoding.UTF8.GetBytes(header), .. text, (byte)'\n'];
    }

    // Go's time.Stamp, which is RFC 3164's: the day in two columns.
    private static string Stamp(DateTimeOffset time) =>
        $"{time.ToString("MMM", CultureInfo.InvariantCulture)} {time.Day,2} {time.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}";

    private static string Rfc3339(DateTimeOffset time, string form) =>
        time.ToString(form, CultureInfo.InvariantCulture) + (time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture));
}
