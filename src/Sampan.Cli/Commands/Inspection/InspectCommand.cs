using System.Text.Json;
using Sampan.Cli.Commands.Images;
using Sampan.Cli.Formatting.Templates;
using Sampan.Engine.Networks;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Inspection;

/// <summary>sampan inspect, and its forms for one kind of object.</summary>
internal sealed class InspectCommand : Command
{
    private readonly InspectKind _kind;
    private readonly ValueFlag<string> _format;
    private readonly PlatformFlag? _platform;
    private readonly Switch? _size;
    private readonly ValueFlag<string>? _type;

    /// <summary>Declares the flags.</summary>
    /// <param name="kind">What it looks for.</param>
    public InspectCommand(InspectKind kind)
    {
        _kind = kind;
        _format = FormatFlag.ForObject(Flags);
        _type = kind == InspectKind.Any ? Flags.Text("type", '\0', "Only inspect objects of the given type") : null;
        _size = kind is InspectKind.Any or InspectKind.Container ? Flags.Switch("size", 's', SizeHelp(kind)) : null;
        if (kind is InspectKind.Network)
        {
            // Docker's tells of swarms, which a network of one host is in none of.
            Flags.Switch("verbose", 'v', "Verbose output for diagnostics");
        }

        if (kind is InspectKind.Image)
        {
            _platform = new(
                Flags,
                "Inspect a specific platform of the multi-platform image. If the image or the server is not multi-platform capable, the command will error out if the platform does not match. "
                + "'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)");
        }
    }

    /// <inheritdoc/>
    public override string Usage => _kind switch
    {
        InspectKind.Container => "[OPTIONS] CONTAINER [CONTAINER...]",
        InspectKind.Image => "[OPTIONS] IMAGE [IMAGE...]",
        InspectKind.Network => "[OPTIONS] NETWORK [NETWORK...]",
        InspectKind.Volume => "[OPTIONS] VOLUME [VOLUME...]",
        _ => "[OPTIONS] NAME|ID [NAME|ID...]",
    };

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => _kind switch
    {
        InspectKind.Image => ArgumentKind.Images,
        InspectKind.Network => ArgumentKind.Networks,
        InspectKind.Volume => ArgumentKind.Volumes,
        _ => ArgumentKind.Containers,
    };

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var kind = Kind();
        _platform?.Require(session, arguments);
        var template = _format.Value is "" or "json" ? null : new Template(_format.Value);
        var documents = new List<JsonDocument>();
        var missing = new List<string>();
        foreach (var name in arguments)
        {
            if (Find(session, kind, name) is { } document)
            {
                documents.Add(document);
            }
            else
            {
                missing.Add(kind == InspectKind.Network ? $"network {name} not found" : $"No such {Noun(kind)}: {name}");
            }
        }

        Print(session, documents, template);
        if (kind == InspectKind.Network && documents.Count > 0)
        {
            foreach (var warning in HostFirewall.Warnings())
            {
                session.Warn(warning);
            }
        }

        missing.ForEach(session.Complain);
        return missing.Count == 0 ? 0 : 1;
    }

    private void Print(Session session, List<JsonDocument> documents, Template? template)
    {
        if (template is not null)
        {
            documents.ForEach(document => session.Out.WriteLine(template.Execute(document.RootElement)));
        }
        else if (_format.Value == "json")
        {
            documents.ForEach(document => session.Out.WriteLine(document.RootElement.GetRawText()));
        }
        else
        {
            session.Out.WriteLine(JsonDocuments.ToArray(documents));
        }
    }

    private InspectKind Kind() => _type?.Value switch
    {
        null or "" => _kind,
        "container" => InspectKind.Container,
        "image" => InspectKind.Image,
        "network" => InspectKind.Network,
        "volume" => InspectKind.Volume,
        var other => throw SampanException.InvalidArgument($"unknown type: \"{other}\": must be one of \"container\", \"image\", \"network\", \"volume\""),
    };

    private static string SizeHelp(InspectKind kind) =>
        kind == InspectKind.Any ? "Display total file sizes if the type is container" : "Display total file sizes";

    private static string Noun(InspectKind kind) => kind switch
    {
        InspectKind.Container => "container",
        InspectKind.Image => "image",
        InspectKind.Network => "network",
        InspectKind.Volume => "volume",
        _ => "object",
    };

    private JsonDocument? Find(Session session, InspectKind kind, string name)
    {
        if (kind is InspectKind.Any or InspectKind.Container && session.Engine.Containers.TryFind(name) is { } container)
        {
            var links = ContainerLinks.Describe(container, session.Engine.Containers);
            return ContainerInspection.Of(container, links, _size?.Value == true ? session.Engine.SizeOf(container) : null);
        }

        if (kind is InspectKind.Any or InspectKind.Image && TryFindImage(session, kind, name) is { } image)
        {
            return JsonDocuments.Make(writer => InspectJson.ImageInspection.Write(writer, image.Inspect()));
        }

        if (kind is InspectKind.Any or InspectKind.Network && session.Engine.Networks.TryFind(name) is { } network)
        {
            return NetworkInspection.Of(network, session.Engine.Networks.Members(network));
        }

        return kind is InspectKind.Any or InspectKind.Volume && session.Engine.Volumes.TryFind(name) is { } volume
            ? VolumeInspection.Of(volume)
            : null;
    }

    private static Sampan.Images.StoredImage? TryFindImage(Session session, InspectKind kind, string name)
    {
        try
        {
            return session.Images.TryFind(name);
        }
        catch (SampanException problem) when (kind == InspectKind.Any && problem.Kind == ErrorKind.InvalidArgument)
        {
            // Not a name an image can have: perhaps a volume's.
            return null;
        }
    }
}
