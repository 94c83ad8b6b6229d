namespace Sampan.Cli.Terminals;

/// <summary>What an attached command does with its own terminal and signals.</summary>
internal sealed record AttachOptions
{
    /// <summary>Our input goes to the process.</summary>
    public bool Stdin { get; init; }

    /// <summary>The process has a pseudo terminal: keys go to it one by one, and its size follows ours.</summary>
    public bool Tty { get; init; }

    /// <summary>The bytes that detach; looked for with <see cref="Tty"/> only.</summary>
    public byte[] DetachKeys { get; init; } = Terminals.DetachKeys.Default;

    /// <summary>Hands a signal we got to the process; null leaves signals to act on us. Not used with <see cref="Tty"/>.</summary>
    public Action<int>? ForwardSignal { get; init; }

    /// <summary>Prints the trace of the start, where one was asked for.</summary>
    public Action<string>? PrintTrace { get; init; }
}
