namespace Sampan.Networking.Relays;

/// <summary>What a relay carries at most. Whoever comes, the process that carries stays small and has time for its other duties.</summary>
public sealed record RelayLimits
{
    /// <summary>Connections at one time, each of which has two descriptors. What is more waits to be accepted.</summary>
    public int Connections { get; init; } = 512;

    /// <summary>Senders of datagrams at one time, each of whom has a descriptor. For another one who has been silent goes.</summary>
    public int Senders { get; init; } = 512;

    /// <summary>How long a sender of datagrams is remembered after the last one, in either direction, in milliseconds.</summary>
    public int SenderMilliseconds { get; init; } = 90_000;

    /// <summary>Who has been silent for so long makes room for others, in milliseconds; and after so long it is tried again where nothing was to be had.</summary>
    public int ShortMilliseconds { get; init; } = 1000;
}
