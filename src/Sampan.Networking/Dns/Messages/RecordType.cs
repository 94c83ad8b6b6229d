namespace Sampan.Networking.Dns.Messages;

/// <summary>What is asked of a name (RFC 1035, 3.2.2; RFC 3596; RFC 6891).</summary>
internal enum RecordType : ushort
{
    /// <summary>An IPv4 address.</summary>
    Address = 1,

    /// <summary>A name, for an address.</summary>
    Pointer = 12,

    /// <summary>An IPv6 address.</summary>
    Address6 = 28,

    /// <summary>No record: what the sender can do (EDNS).</summary>
    Option = 41,

    /// <summary>All there is.</summary>
    Any = 255,
}
