using System.Globalization;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Containers;

/// <summary>Sockets a service manager handed to the runtime for the container (sd_listen_fds(3)).</summary>
public static class ActivationSockets
{
    private const int Most = 1024;

    /// <summary>How many the caller's environment announces; they are its descriptors 3 and following.</summary>
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Most ? count : 0;

    /// <summary>Tells a process of them, as runc does: it takes them for its own only where LISTEN_PID is its pid, which is 1.</summary>
    /// <param name="process">The process.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>The process with LISTEN_FDS and LISTEN_PID in its environment; as it was when there are none.</returns>
    public static RuntimeProcess Announce(RuntimeProcess process, int count) => count == 0
        ? process
        : process with { Env = [.. process.Env ?? [], string.Create(CultureInfo.InvariantCulture, $"LISTEN_FDS={count}"), "LISTEN_PID=1"] };
}
