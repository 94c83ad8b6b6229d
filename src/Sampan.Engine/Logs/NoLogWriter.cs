namespace Sampan.Engine.Logs;

/// <summary>The log driver "none".</summary>
internal sealed class NoLogWriter : ILogWriter
{
    public bool IsCongested => false;

    public Action? Relieved { get; set; }

    public void Append(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        // Nothing is kept: that is what the user asked for.
    }

    public void Flush()
    {
        // Nothing is buffered.
    }

    public void Finish()
    {
        // Nothing is buffered.
    }

    public void Trim()
    {
        // Nothing is held.
    }

    public void Dispose()
    {
        // Nothing is open.
    }
}
