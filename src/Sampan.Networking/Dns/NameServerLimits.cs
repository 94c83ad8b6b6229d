namespace Sampan.Networking.Dns;

/// <summary>What a name server does at most. Whatever a container asks, its monitor stays small and has time for its other duties.</summary>
public sealed record NameServerLimits
{
    /// <summary>
    /// How long a server is waited for while there is another to ask, in milliseconds. Three servers get their chance before the
    /// resolvers of glibc and musl give up, which is after five seconds.
    /// </summary>
    public int AttemptMilliseconds { get; init; } = 2000;

    /// <summary>How long the last server is waited for, in milliseconds; docker's, for each.</summary>
    public int LastAttemptMilliseconds { get; init; } = 4000;

    /// <summary>
    /// How long another server is asked first once the first one said nothing, in milliseconds. Then the order is what it was: they may
    /// know different names.
    /// </summary>
    public int DetourMilliseconds { get; init; } = 30_000;

    /// <summary>After so long a connection that has asked nothing, or takes no answer, is closed, in milliseconds (RFC 7766, 6.2.3).</summary>
    public int IdleMilliseconds { get; init; } = 10_000;

    /// <summary>Queries that wait for servers at one time; each has a descriptor. What is more is refused.</summary>
    public int Forwarded { get; init; } = 256;

    /// <summary>How many of them by TCP; each may hold an answer of 64 KiB.</summary>
    public int ForwardedByStream { get; init; } = 32;

    /// <summary>Connections at one time. What is more waits to be accepted.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Queries of one connection that wait for servers. What it asks more is read when one is answered.</summary>
    public int ForwardedOfConnection { get; init; } = 16;
}
