using Sampan.Linux;

namespace Sampan.Engine.Monitors;

/// <summary>An error on its way from a monitor to a client.</summary>
public sealed record MonitorError
{
    /// <summary>Name of an <see cref="ErrorKind"/>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The line for the user.</summary>
    public string Message { get; set; } = "";

    /// <summary>The exception the client throws.</summary>
    /// <returns>A <see cref="SampanException"/> of the same kind; Internal when the kind is not known here.</returns>
    public SampanException ToException() => new(
        Kind switch
        {
            nameof(ErrorKind.NotFound) => ErrorKind.NotFound,
            nameof(ErrorKind.Conflict) => ErrorKind.Conflict,
            nameof(ErrorKind.InvalidArgument) => ErrorKind.InvalidArgument,
            nameof(ErrorKind.Forbidden) => ErrorKind.Forbidden,
            nameof(ErrorKind.Unavailable) => ErrorKind.Unavailable,
            nameof(ErrorKind.CommandNotFound) => ErrorKind.CommandNotFound,
            nameof(ErrorKind.CommandNotExecutable) => ErrorKind.CommandNotExecutable,
            _ => ErrorKind.Internal,
        },
        Message);
}
