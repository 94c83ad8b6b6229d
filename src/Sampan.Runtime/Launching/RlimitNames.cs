using Sampan.Linux;

namespace Sampan.Runtime.Launching;

/// <summary>RLIMIT_ names and their numbers (getrlimit(2), asm-generic/resource.h).</summary>
internal static class RlimitNames
{
    private static readonly string[] Names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no such limit.</exception>
    public static int Number(string name)
    {
        var number = Array.IndexOf(Names, name);
        return number >= 0 ? number : throw SampanException.InvalidArgument($"invalid rlimit type: \"{name}\": see getrlimit(2)");
    }
}
