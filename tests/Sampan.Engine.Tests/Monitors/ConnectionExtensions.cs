using System.Text;
using Sampan.Engine.Monitors;

namespace Sampan.Engine.Tests.Monitors;

internal static class ConnectionExtensions
{
    /// <summary>Reads until the process ends.</summary>
    public static (int? ExitCode, string Stdout, string Stderr) ReadAll(this MonitorConnection connection)
    {
        var stdout = new StringBuilder();
        var stderr = new StringBuilder();
        while (connection.WaitForFrame(out var frame))
        {
            switch (frame.Type)
            {
                case FrameType.Stdout:
                    stdout.Append(Encoding.UTF8.GetString(frame.Payload));
                    break;
                case FrameType.Stderr:
                    stderr.Append(Encoding.UTF8.GetString(frame.Payload));
                    break;
                case FrameType.Exited:
                    return (frame.Number, stdout.ToString(), stderr.ToString());
                case FrameType.Error:
                    throw frame.ToException();
            }
        }

        return (null, stdout.ToString(), stderr.ToString());
    }

    /// <summary>Reads until the text appears on standard output.</summary>
    public static string ReadUntil(this MonitorConnection connection, string text)
    {
        var all = new StringBuilder();
        while (!all.ToString().Contains(text, StringComparison.Ordinal))
        {
            connection.WaitForFrame(out var frame).ShouldBeTrue($"the connection ended after: {all}");
            if (frame.Type == FrameType.Stdout)
            {
                all.Append(Encoding.UTF8.GetString(frame.Payload));
            }
        }

        return all.ToString();
    }
}
