namespace Sampan.Engine.Containers;

/// <summary>Restart policy.</summary>
public sealed record RestartPolicy
{
    /// <summary>no, on-failure, always or unless-stopped.</summary>
    public string Name { get; set; } = "no";

    /// <summary>Retries of on-failure; 0 is without end.</summary>
    public int MaximumRetryCount { get; init; }

    /// <summary>Whether a container that ended is to be started again.</summary>
    /// <param name="state">How it ended.</param>
    /// <param name="boot">The host has started since: only unless-stopped minds then that a command had stopped it, as docker has it.</param>
    /// <returns>True when it is.</returns>
    internal bool Wants(ContainerState state, bool boot) => Name switch
    {
        _ when state.StoppedByCommand && !boot => false,
        "always" => true,
        "unless-stopped" => !state.StoppedByCommand,
        "on-failure" => !state.StoppedByCommand && state.ExitCode != 0 && (MaximumRetryCount == 0 || state.RestartCount < MaximumRetryCount),
        _ => false,
    };
}
