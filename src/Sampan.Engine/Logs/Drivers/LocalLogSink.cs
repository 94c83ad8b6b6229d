using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>Docker's local log: small, framed, packed when it is rotated away.</summary>
/// <param name="path">The file; what an earlier run wrote is continued.</param>
/// <param name="limits">When a new one is begun.</param>
/// <exception cref="LinuxException">open(2) failed.</exception>
internal sealed class LocalLogSink(string path, LogLimits limits) : ILogSink
{
    private readonly LogFileWriter _file = new(path, limits, new LocalLogFormat());

    public void Write(in LogMessage message) => _file.Commit(LocalRecord.Write(message, _file.Reserve(message.Text.Length + LocalRecord.Overhead)));

    public void Flush() => _file.Flush();

    public void Finish() => _file.Flush();

    public void Trim() => _file.Trim();

    public void Dispose() => _file.Dispose();
}
