using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>
/// What may be mounted over /proc: procfs itself, and single files that tell about the machine (lxcfs does). Anything else would be
/// written, masked and believed instead of the kernel's own files (CVE-2019-16884). Rules and words are runc's.
/// </summary>
internal static unsafe class ProcCover
{
    private const long ProcMagic = 0x9FA0;
    private const int StatfsLength = 256;

    private static readonly string[] Allowed =
    [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/loadavg", "/proc/meminfo", "/proc/net/dev", "/proc/slabinfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
        "/proc/sys/crypto/fips_enabled", "/proc/sys/kernel/ns_last_pid",
    ];

    /// <summary>Checks a mount that is not procfs by its type.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="bind">Its source is a place of the host.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it covers what it must not.</exception>
    public static void Check(RuntimeMount mount, bool bind)
    {
        var destination = Path.GetFullPath(mount.Destination);
        if (destination == "/proc")
        {
            if (!bind || !IsProc(mount.Source ?? ""))
            {
                throw SampanException.InvalidArgument($"mount {mount.Destination}: \"/proc\" cannot be mounted because it is not of type proc");
            }
        }
        else if (destination.StartsWith("/proc/", StringComparison.Ordinal) && Array.IndexOf(Allowed, destination) < 0)
        {
            throw SampanException.InvalidArgument($"mount {mount.Destination}: \"{destination}\" cannot be mounted because it is inside /proc");
        }
    }

    private static bool IsProc(string source)
    {
        using var path = Kernel.Native(source);
        var status = stackalloc byte[StatfsLength];
        return Kernel.Call(SystemCall.Statfs, path, (nint)status) == 0 && *(long*)status == ProcMagic;
    }
}
