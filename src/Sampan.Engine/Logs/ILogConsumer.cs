namespace Sampan.Engine.Logs;

/// <summary>Who gets the lines of a log.</summary>
public interface ILogConsumer
{
    /// <summary>A line, in the order in which it was logged. Its spans are valid during the call only.</summary>
    /// <param name="entry">The line.</param>
    public void Write(in LogEntry entry);

    /// <summary>All that was there has been handed over and the reader is about to wait: the time to flush a buffer.</summary>
    public void Flush();
}
