using Sampan.Cli.Commands.Images;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan export.</summary>
internal sealed class ExportCommand : Command
{
    private const int BufferSize = 256 << 10;
    private readonly ValueFlag<string> _output;

    /// <summary>Declares the flags.</summary>
    public ExportCommand() => _output = Flags.Text("output", 'o', "Write to a file, instead of STDOUT");

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Engine.Containers.Find(arguments[0]);
        if (!_output.Changed)
        {
            if (TerminalMode.IsTerminal(1))
            {
                throw SampanException.InvalidArgument("cowardly refusing to save to a terminal. Use the -o flag or redirect");
            }

            using var output = new BufferedStream(new DescriptorStream(session.Out.Descriptor), BufferSize);
            session.Engine.Export(container, output);
            return 0;
        }

        using var file = new ReplacedFile(_output.Value);
        using (var stream = new BufferedStream(new DescriptorStream(file.Descriptor), BufferSize))
        {
            session.Engine.Export(container, stream);
        }

        file.Commit();
        return 0;
    }
}
