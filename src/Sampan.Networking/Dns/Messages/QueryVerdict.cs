namespace Sampan.Networking.Dns.Messages;

/// <summary>What is to be done with a message that came as a query.</summary>
internal enum QueryVerdict
{
    /// <summary>It is one question: answer it.</summary>
    Answer,

    /// <summary>Nothing: it is too short to have an id, or an answer itself.</summary>
    Silence,

    /// <summary>Say that it is malformed.</summary>
    FormatError,

    /// <summary>Say that it is no query.</summary>
    NotImplemented,

    /// <summary>Say that there is no such version of EDNS.</summary>
    BadVersion,
}
