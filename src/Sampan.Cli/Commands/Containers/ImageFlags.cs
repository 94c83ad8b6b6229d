using Sampan.Cli.Commands.Registries;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Images;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that say which image, and where from.</summary>
internal sealed class ImageFlags
{
    private readonly Switch _contentTrust;
    private readonly ValueFlag<string> _platform;
    private readonly ValueFlag<string> _pull;
    private readonly Switch _quiet;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public ImageFlags(FlagSet flags)
    {
        _contentTrust = flags.Switch("disable-content-trust", '\0', "Skip image verification", initial: true);
        _platform = flags.Text("platform", '\0', "Set platform if server is multi-platform capable");
        _pull = flags.Text("pull", '\0', "Pull image before running (\"always\", \"missing\", \"never\")", "missing");
        _quiet = flags.Switch("quiet", 'q', "Suppress the pull output");
    }

    /// <summary>os/architecture[/variant], or null.</summary>
    public string? Platform => _platform.Value.Length == 0 ? null : _platform.Value;

    /// <summary>Refuses what makes no sense, or cannot be done.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an unknown choice. <see cref="ErrorKind.Unavailable"/>: it needs a Notary server.</exception>
    public void Check()
    {
        if (!_contentTrust.Value)
        {
            throw ContentTrust.Refused("run");
        }

        if (_pull.Value is not ("always" or "missing" or "never" or ""))
        {
            throw SampanException.InvalidArgument($"invalid pull option: '{_pull.Value}': must be one of \"always\", \"missing\" or \"never\"");
        }
    }

    /// <summary>Makes a container, and pulls its image before where that is asked for, or where it is not there.</summary>
    /// <param name="session">The engine, and where the pull is told.</param>
    /// <param name="request">The container.</param>
    /// <returns>The container; null when the image could not be pulled, and standard error says why.</returns>
    /// <exception cref="SampanException">As <see cref="Engine.ContainerEngine.Create"/>.</exception>
    public Container? Create(Session session, ContainerCreateRequest request)
    {
        var image = request.Config.Image;
        if (_pull.Value == "always" && request.HostConfig.Rootfs is null && !Fetch(session, image))
        {
            return null;
        }

        try
        {
            return session.Engine.Create(request);
        }
        catch (SampanException problem) when (problem.Kind == ErrorKind.NotFound && Lacks(session, request))
        {
            if (!_quiet.Value)
            {
                session.Error.WriteLine($"Unable to find image '{ImageReference.Parse(image).Familiar}' locally").Flush();
            }

            return Fetch(session, image) ? session.Engine.Create(request) : null;
        }
    }

    // What else is not there, a container whose volumes it wants, no registry has.
    private bool Lacks(Session session, ContainerCreateRequest request) =>
        _pull.Value == "missing"
        && request.HostConfig.Rootfs is null
        && ImageReference.TryParse(request.Config.Image, out _) is not null
        && !session.Engine.HasImage(request.Config.Image, request.Platform);

    private bool Fetch(Session session, string image) => FetchCommand.Run(session.Options, image, Platform, _quiet.Value);
}
