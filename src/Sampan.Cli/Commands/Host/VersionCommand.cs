using System.Text.Json;
using Sampan.Cli.Commands.Inspection;
using Sampan.Cli.Formatting.Templates;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Host;

/// <summary>sampan version. There is no daemon: in formats .Client and .Server are the same program.</summary>
internal sealed class VersionCommand : Command
{
    private readonly ValueFlag<string> _format;

    /// <summary>Declares the flags.</summary>
    public VersionCommand() => _format = FormatFlag.ForObject(Flags);

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_format.Value.Length > 0)
        {
            using var document = Document();
            session.Out.WriteLine(new Template(_format.Value == "json" ? "{{json .}}" : _format.Value).Execute(document.RootElement));
            return 0;
        }

        session.Out.WriteLine("Sampan:");
        session.Out.Write(" Version:           ").WriteLine(ProductVersion.Text);
        session.Out.Write(" OS/Arch:           linux/").WriteLine(HostFacts.Architecture);
        session.Out.Write(" Kernel:            ").WriteLine(HostFacts.KernelVersion);
        return 0;
    }

    private static JsonDocument Document() => JsonDocuments.Make(static writer =>
    {
        writer.WriteStartObject();
        WriteProgram(writer, "Client");
        WriteProgram(writer, "Server");
        writer.WriteEndObject();
    });

    private static void WriteProgram(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject(name);
        writer.WriteString("Version", ProductVersion.Text);
        writer.WriteString("Os", "linux");
        writer.WriteString("Arch", HostFacts.Architecture);
        writer.WriteString("KernelVersion", HostFacts.KernelVersion);
        writer.WriteEndObject();
    }
}
