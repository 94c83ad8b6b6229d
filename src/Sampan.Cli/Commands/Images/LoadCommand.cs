using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Commands.Images;

/// <summary>sampan load.</summary>
internal sealed class LoadCommand : Command
{
    private readonly ValueFlag<string> _input;
    private readonly PlatformFlag _platform;

    /// <summary>Declares the flags.</summary>
    public LoadCommand()
    {
        _input = Flags.Text("input", 'i', "Read from tar archive file, instead of STDIN");
        // No progress is shown that it could suppress; what was loaded is told all the same, as docker does.
        _ = Flags.Switch("quiet", 'q', "Suppress the load output");
        _platform = new(Flags, "Load only the given platform variant. " + PlatformFlag.Form);
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Files;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (!_input.Changed && TerminalMode.IsTerminal(0))
        {
            throw SampanException.InvalidArgument("requested load from stdin, but stdin is empty");
        }

        foreach (var image in ArchiveInput.Read(_input.Changed ? _input.Value : null, stream => session.Images.Load(stream, _platform.Value)))
        {
            ImageEvents.Write(session, "load", image.Id, image.Reference);
            session.Out.WriteLine(image.Reference is { } name ? $"Loaded image: {name}" : $"Loaded image ID: {image.Id}");
        }

        return 0;
    }
}
