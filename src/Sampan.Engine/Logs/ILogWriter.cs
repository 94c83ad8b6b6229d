namespace Sampan.Engine.Logs;

/// <summary>Where a container's output is kept.</summary>
internal interface ILogWriter : IDisposable
{
    /// <summary>So much waits for a slow receiver that the container is to be held back, as docker's blocking mode does.</summary>
    public bool IsCongested { get; }

    /// <summary>Called when it is congested no more.</summary>
    public Action? Relieved { get; set; }

    /// <summary>Output, as it was read: cut anywhere.</summary>
    public void Append(LogStream stream, ReadOnlySpan<byte> bytes);

    /// <summary>Hands over what is buffered, so that a reader sees it. Lines that have not ended stay.</summary>
    public void Flush();

    /// <summary>The output is at its end: hands over unfinished lines too.</summary>
    public void Finish();

    /// <summary>Gives memory back; what is needed again is made again.</summary>
    public void Trim();
}
