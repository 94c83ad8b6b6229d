using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>Resource limits by docker's names (getrlimit(2)).</summary>
internal static class UlimitSpecs
{
    /// <summary>Translates limits.</summary>
    /// <param name="ulimits">Docker's.</param>
    /// <returns>OCI's, in the order given.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an unknown name, or soft above hard.</exception>
    public static List<RuntimeRlimit> Of(IReadOnlyList<Ulimit>? ulimits)
    {
        var limits = new List<RuntimeRlimit>(ulimits?.Count ?? 0);
        for (var index = 0; index < (ulimits?.Count ?? 0); index++)
        {
            var ulimit = ulimits![index];
            var (soft, hard) = (Value(ulimit.Soft), Value(ulimit.Hard));
            if (soft > hard)
            {
                throw SampanException.InvalidArgument($"ulimit soft limit must be less than or equal to hard limit: {ulimit.Soft} > {ulimit.Hard}");
            }

            limits.Add(new() { Type = Type(ulimit.Name), Soft = soft, Hard = hard });
        }

        return limits;
    }

    // -1 is RLIM_INFINITY.
    private static ulong Value(long value) => value < 0 ? ulong.MaxValue : (ulong)value;

    private static string Type(string name) => name switch
    {
        "core" => "RLIMIT_CORE",
        "cpu" => "RLIMIT_CPU",
        "data" => "RLIMIT_DATA",
        "fsize" => "RLIMIT_FSIZE",
        "locks" => "RLIMIT_LOCKS",
        "memlock" => "RLIMIT_MEMLOCK",
        "msgqueue" => "RLIMIT_MSGQUEUE",
        "nice" => "RLIMIT_NICE",
        "nofile" => "RLIMIT_NOFILE",
        "nproc" => "RLIMIT_NPROC",
        "rss" => "RLIMIT_RSS",
        "rtprio" => "RLIMIT_RTPRIO",
        "rttime" => "RLIMIT_RTTIME",
        "sigpending" => "RLIMIT_SIGPENDING",
        "stack" => "RLIMIT_STACK",
        _ => throw SampanException.InvalidArgument($"invalid ulimit type: {name}"),
    };
}
