using Sampan.Cli.Terminals;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of commands that attach: --detach-keys and --sig-proxy.</summary>
internal sealed class AttachFlags
{
    private readonly ValueFlag<byte[]> _detachKeys;
    private readonly Switch? _signalProxy;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    /// <param name="signalProxyHelp">What help says of --sig-proxy; null where the command has no such flag.</param>
    public AttachFlags(FlagSet flags, string? signalProxyHelp)
    {
        _detachKeys = flags.Add(new ValueFlag<byte[]>(
            "detach-keys", '\0', "Override the key sequence for detaching a container", "string", DetachKeys.Parse, DetachKeys.Default));
        _signalProxy = signalProxyHelp is null ? null : flags.Switch("sig-proxy", '\0', signalProxyHelp, initial: true);
    }

    /// <summary>The bytes that detach.</summary>
    public byte[] Keys => _detachKeys.Value;

    /// <summary>Signals go on to the container.</summary>
    public bool ForwardSignals => _signalProxy?.Value ?? false;
}
