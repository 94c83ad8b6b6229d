namespace Sampan.Engine.Logs;

/// <summary>A log driver: where lines go.</summary>
internal interface ILogSink : IDisposable
{
    /// <summary>Takes a line. Its spans are valid during the call only.</summary>
    public void Write(in LogMessage message);

    /// <summary>Hands over what is buffered, so that a reader sees it.</summary>
    public void Flush();

    /// <summary>The output is at its end.</summary>
    public void Finish();

    /// <summary>Gives memory back; what is needed again is made again.</summary>
    public void Trim();
}
