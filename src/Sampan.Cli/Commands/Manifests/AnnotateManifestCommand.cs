using Sampan.Cli.Commands.Registries;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Manifests;

/// <summary>sampan manifest annotate.</summary>
internal sealed class AnnotateManifestCommand : RegistryCommand
{
    private readonly ValueFlag<string> _architecture;
    private readonly ListFlag _features;
    private readonly ValueFlag<string> _system;
    private readonly ValueFlag<string> _variant;
    private readonly ValueFlag<string> _version;

    /// <summary>Declares the flags.</summary>
    public AnnotateManifestCommand()
    {
        _architecture = Flags.Text("arch", '\0', "Set architecture");
        _system = Flags.Text("os", '\0', "Set operating system");
        _features = Flags.List("os-features", '\0', "Set operating system feature", "strings");
        _version = Flags.Text("os-version", '\0', "Set operating system version");
        _variant = Flags.Text("variant", '\0', "Set architecture variant");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] MANIFEST_LIST MANIFEST";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(2);

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments)
    {
        registries.AnnotateManifest(new(arguments[0], arguments[1])
        {
            Architecture = Given(_architecture),
            Features = string.Join(',', _features.Values).Split(',', StringSplitOptions.RemoveEmptyEntries),
            OperatingSystem = Given(_system),
            Variant = Given(_variant),
            Version = Given(_version),
        });
        return 0;
    }

    private static string? Given(ValueFlag<string> flag) => flag.Value.Length == 0 ? null : flag.Value;
}
