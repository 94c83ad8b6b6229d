using Sampan.Flags;

namespace Sampan.Cli.Commands.Registries;

/// <summary>sampan-registry fetch: the pull of run and create, which says less than pull does.</summary>
internal sealed class FetchCommand : RegistryCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "fetch";

    private readonly ValueFlag<string> _platform;
    private readonly Switch _quiet;

    /// <summary>Declares the flags.</summary>
    public FetchCommand()
    {
        _platform = Flags.Text("platform", '\0', "Set platform if server is multi-platform capable");
        _quiet = Flags.Switch("quiet", 'q', "Suppress verbose output");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] NAME[:TAG|@DIGEST]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <summary>Fetches an image in a process of its own; what it says goes to standard error, and so does what went wrong.</summary>
    /// <param name="options">Which store.</param>
    /// <param name="image">The image as the user wrote it.</param>
    /// <param name="platform">os/architecture[/variant]; null for the host's.</param>
    /// <param name="quiet">Say nothing but what goes wrong.</param>
    /// <returns>Whether it is there now.</returns>
    /// <exception cref="Sampan.Linux.SampanException">What speaks to registries is not there.</exception>
    public static bool Run(GlobalOptions options, string image, string? platform, bool quiet)
    {
        List<string> words = ["--root", options.Root, "--state", options.State, Name];
        if (platform is not null)
        {
            words.AddRange(["--platform", platform]);
        }

        if (quiet)
        {
            words.Add("--quiet");
        }

        words.AddRange(["--", image]);
        return RegistryProgram.Run(words) == 0;
    }

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments)
    {
        registries.Fetch(session, arguments[0], _platform.Value.Length == 0 ? null : _platform.Value, _quiet.Value);
        return 0;
    }
}
