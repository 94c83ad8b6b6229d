namespace Sampan.Networking.Dns.Messages;

/// <summary>How a query went (RFC 1035, 4.1.1; RFC 6891, 9).</summary>
internal enum ResponseCode
{
    /// <summary>NOERROR; without a record it means that the name has none of that type (RFC 2308, 2.2).</summary>
    NoError = 0,

    /// <summary>FORMERR: the query is malformed.</summary>
    FormatError = 1,

    /// <summary>SERVFAIL: nobody could be asked.</summary>
    ServerFailure = 2,

    /// <summary>NXDOMAIN: there is no such name.</summary>
    NameError = 3,

    /// <summary>NOTIMP: not a query but another operation.</summary>
    NotImplemented = 4,

    /// <summary>REFUSED.</summary>
    Refused = 5,

    /// <summary>BADVERS: a version of EDNS that does not exist yet.</summary>
    BadVersion = 16,
}
