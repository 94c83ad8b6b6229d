using Sampan.Flags;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Commands.Images;

/// <summary>sampan save.</summary>
internal sealed class SaveCommand : Command
{
    private readonly ValueFlag<ArchiveFormat> _format;
    private readonly ValueFlag<string> _output;
    private readonly PlatformFlag _platform;

    /// <summary>Declares the flags.</summary>
    public SaveCommand()
    {
        _format = Flags.Add(new ValueFlag<ArchiveFormat>(
            "format", '\0', "Format of the archive (docker|oci)", "string", Format, ArchiveFormat.Docker, "\"docker\""));
        _output = Flags.Text("output", 'o', "Write to a file, instead of STDOUT");
        _platform = new(Flags, "Save only the given platform variant. " + PlatformFlag.Form);
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] IMAGE [IMAGE...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Images;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        _platform.Require(session, arguments);
        if (!_output.Changed)
        {
            if (TerminalMode.IsTerminal(1))
            {
                throw SampanException.InvalidArgument("cowardly refusing to save to a terminal. Use the -o flag or redirect");
            }

            using var output = new DescriptorStream(session.Out.Descriptor);
            session.Images.Save(arguments, output, _format.Value);
            Tell(session, arguments);
            return 0;
        }

        // Written beside its place and renamed: a failed save leaves no half archive, and the old one as it was.
        using var file = new ReplacedFile(_output.Value);
        using var stream = new DescriptorStream(file.Descriptor);
        session.Images.Save(arguments, stream, _format.Value);
        file.Commit();
        Tell(session, arguments);
        return 0;
    }

    private static void Tell(Session session, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (session.Images.TryFind(name) is { } image)
            {
                ImageEvents.Write(session, "save", image.Id);
            }
        }
    }

    private static ArchiveFormat Format(string text) => text switch
    {
        "docker" => ArchiveFormat.Docker,
        "oci" => ArchiveFormat.Oci,
        _ => throw new ValueException("docker or oci"),
    };
}
