using Sampan.Cli.Values;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags stop and restart share.</summary>
/// <param name="flags">Where they are declared.</param>
internal sealed class StopFlags(FlagSet flags)
{
    private readonly ValueFlag<string> _signal = flags.Text("signal", 's', "Signal to send to the container");
    private readonly ValueFlag<long> _timeout = flags.Number("timeout", 't', "Seconds to wait before killing the container");

    /// <summary>Another signal than the container's own, or null.</summary>
    public int? Signal => _signal.Value.Length == 0 ? null : SignalName.Parse(_signal.Value);

    /// <summary>Seconds until SIGKILL, -1 for never, or null for the container's own.</summary>
    public int? Timeout => _timeout.Changed ? (int)Math.Clamp(_timeout.Value, -1, int.MaxValue) : null;
}
