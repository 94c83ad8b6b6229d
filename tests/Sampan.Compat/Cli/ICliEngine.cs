namespace Sampan.Compat.Cli;

/// <summary>An engine with docker's command line.</summary>
public interface ICliEngine : IDisposable
{
    /// <summary>The registries beside it.</summary>
    public CaseRegistries Registries { get; }

    /// <summary>Runs a shell script in which "engine" is the program.</summary>
    /// <param name="script">The script.</param>
    /// <param name="folder">Where it runs.</param>
    /// <returns>What came of it.</returns>
    public CommandResult Shell(string script, string folder);
}
