using System.Globalization;

namespace Sampan.RuntimeCli.Commands;

/// <summary>Sockets a service manager handed over for the container (sd_listen_fds(3)): descriptors 3 and following get through.</summary>
internal static class ActivationSockets
{
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 1024 ? count : 0;
}
