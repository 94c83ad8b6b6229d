using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that say which image, and where from.</summary>
internal sealed class ImageFlags
{
    private readonly Switch _contentTrust;
    private readonly ValueFlag<string> _platform;
    private readonly ValueFlag<string> _pull;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public ImageFlags(FlagSet flags)
    {
        _contentTrust = flags.Switch("disable-content-trust", '\0', "Skip image verification", initial: true);
        _platform = flags.Text("platform", '\0', "Set platform if server is multi-platform capable");
        _pull = flags.Text("pull", '\0', "Pull image before running (\"always\", \"missing\", \"never\")", "missing");

        // Nothing is pulled, so nothing is said of it.
        flags.Switch("quiet", 'q', "Suppress the pull output");
    }

    /// <summary>os/architecture[/variant], or null.</summary>
    public string? Platform => _platform.Value.Length == 0 ? null : _platform.Value;

    /// <summary>Refuses what cannot be done without registries.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an unknown choice. <see cref="ErrorKind.Unavailable"/>: it needs a registry.</exception>
    public void Check()
    {
        if (!_contentTrust.Value)
        {
            throw SampanException.Unavailable("--disable-content-trust=false: signatures of images are not checked: load images from where you trust");
        }

        if (_pull.Value is not ("always" or "missing" or "never" or ""))
        {
            throw SampanException.InvalidArgument($"invalid pull option: '{_pull.Value}': must be one of \"always\", \"missing\" or \"never\"");
        }

        if (_pull.Value == "always")
        {
            throw SampanException.Unavailable("--pull always: images cannot be pulled from registries yet: load or import the image, and leave --pull out");
        }
    }
}
