using Sampan.Cli.Values;
using Sampan.Flags;
using Sampan.Images;

namespace Sampan.Cli.Commands.Images;

/// <summary>sampan import.</summary>
internal sealed class ImportCommand : Command
{
    private readonly ListFlag _change;
    private readonly ValueFlag<LayerCompression> _compression;
    private readonly ValueFlag<string> _message;
    private readonly PlatformFlag _platform;

    /// <summary>Declares the flags.</summary>
    public ImportCommand()
    {
        _change = Flags.List("change", 'c', "Apply Dockerfile instruction to the created image");
        _compression = CompressionFlag.Declare(Flags, "as the archive comes");
        _message = Flags.Text("message", 'm', "Set commit message for imported image");
        _platform = new(Flags, "Set platform if server is multi-platform capable");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] file|- [REPOSITORY[:TAG]]";

    /// <inheritdoc/>
    public override Arity Arity => new(1, 2);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Files;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var platform = _platform.Value;
        var epoch = SourceDate.Read();
        var id = ArchiveInput.Read(arguments[0], stream => session.Images.Import(stream, new()
        {
            Reference = arguments.Count > 1 ? arguments[1] : null,
            Changes = _change.Values,
            Architecture = platform?.Architecture,
            OperatingSystem = platform?.OperatingSystem ?? "linux",
            Variant = platform?.Variant,
            Compression = _compression.Changed ? _compression.Value : null,
            Epoch = epoch,
            Message = _message.Changed ? _message.Value : $"Imported from {arguments[0]}",
        }));
        ImageEvents.Write(session, "import", id);
        session.Out.WriteLine(id);
        return 0;
    }
}
