namespace Sampan.Linux;

/// <summary>
/// The class of an error, mapped once to exit codes (CLI) and once to HTTP status (API). The classes are containerd's errdefs that a
/// caller can act on.
/// </summary>
public enum ErrorKind
{
    /// <summary>A defect or an unforeseen refusal by the kernel. Exit 125, HTTP 500.</summary>
    Internal,

    /// <summary>The named object does not exist. Exit 1 (125 in run), HTTP 404.</summary>
    NotFound,

    /// <summary>The object is in a state that forbids it, or the name is taken. HTTP 409.</summary>
    Conflict,

    /// <summary>The caller's words are wrong. HTTP 400.</summary>
    InvalidArgument,

    /// <summary>Not permitted. HTTP 403.</summary>
    Forbidden,

    /// <summary>The host lacks what is needed: a controller, a kernel feature, space. HTTP 503.</summary>
    Unavailable,

    /// <summary>The container's command does not exist in its root filesystem. Exit 127, HTTP 400.</summary>
    CommandNotFound,

    /// <summary>The container's command exists and cannot be executed. Exit 126, HTTP 400.</summary>
    CommandNotExecutable,
}
