using System.Text;
using Sampan.Engine.Logs;

namespace Sampan.Engine.Monitors;

/// <summary>What a health check writes, both streams together: the first 4096 bytes, as docker keeps them.</summary>
internal sealed class ProbeOutput : ILogWriter
{
    private const int MostBytes = 4096;
    private byte[] _buffer = [];
    private int _length;
    private bool _cut;

    public bool IsCongested => false;

    public Action? Relieved { get; set; }

    /// <summary>The text so far; what is not UTF-8 is replaced.</summary>
    public string Text => Encoding.UTF8.GetString(_buffer, 0, _length) + (_cut ? "..." : "");

    public void Append(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, MostBytes - _length);
        if (_length + taken > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(MostBytes, Math.Max(256, (_length + taken) * 2)));
        }

        bytes[..taken].CopyTo(_buffer.AsSpan(_length));
        _length += taken;
        _cut |= taken < bytes.Length;
    }

    public void Flush()
    {
        // Nothing is held back.
    }

    public void Finish()
    {
        // Nothing is held back.
    }

    public void Trim()
    {
        // It is small, and gone with its check.
    }

    public void Dispose()
    {
        // Memory only.
    }
}
