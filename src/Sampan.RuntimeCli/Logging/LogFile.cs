using System.Text;
using System.Text.Json;
using Sampan.Json;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.RuntimeCli.Logging;

/// <summary>The lines engines read errors from: logrus's text or JSON format, to a file or to standard error, as runc writes them.</summary>
/// <param name="path">The file; empty is standard error.</param>
/// <param name="json">One JSON object a line.</param>
/// <param name="standardError">Where the message goes too when there is a file.</param>
internal sealed class LogFile(string path, bool json, TextOutput standardError)
{
    /// <summary>Writes an error.</summary>
    /// <param name="message">One line.</param>
    public void Error(string message) => Write("error", message);

    /// <summary>Writes a warning.</summary>
    /// <param name="message">One line.</param>
    public void Warn(string message) => Write("warning", message);

    /// <summary>Writes what happens, for who looks for a fault.</summary>
    /// <param name="message">One line.</param>
    public void Debug(string message) => Write("debug", message);

    private void Write(string level, string message)
    {
        var line = Line(level, message);
        if (path.Length == 0)
        {
            standardError.Write(line).Flush();
            return;
        }

        if (level == "error")
        {
            standardError.WriteLine(message.ReplaceLineEndings("\\n")).Flush();
        }

        try
        {
            using var file = FileDescriptor.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append, 0x1A4);
            file.WriteAll(Encoding.UTF8.GetBytes(line));
        }
        catch (LinuxException problem)
        {
            standardError.WriteLine($"{path}: {problem.Message}").Flush();
        }
    }

    private string Line(string level, string message)
    {
        // RFC 3339 as Go prints it: Z where the local time is UTC.
        var now = DateTimeOffset.Now;
        var time = now.ToString(now.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);
        return json
            ? $"{{\"level\":\"{level}\",\"msg\":{Quote(message)},\"time\":\"{time}\"}}\n"
            : $"time=\"{time}\" level={level} msg={Quote(message)}\n";
    }

    private static string Quote(string text)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory, new() { Encoder = JsonTextEncoder.Instance }))
        {
            writer.WriteStringValue(text);
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }
}
