namespace Sampan.Cli.Commands;

/// <summary>docker's commands that Sampan will not have, and why: who types one reads that instead of "unknown command".</summary>
internal static class Refusals
{
    private const string OneHost = "Sampan runs containers on one host: for several, dockerd's swarm or Kubernetes can run them with sampan-runtime (docs/scale-out.md)";

    /// <summary>Why there is no such command.</summary>
    /// <param name="command">The first word.</param>
    /// <returns>One line; null where docker has no such command, or Sampan may have it one day.</returns>
    public static string? Of(string command) => command switch
    {
        "swarm" or "node" or "service" or "stack" or "secret" or "config" => OneHost,
        "plugin" => "there is no daemon that could load plugins",
        "context" => "there is no daemon to choose: name other directories with --root and --state",
        "trust" => "docker's content trust (Notary) is no longer served by registries: name images by digest",
        "checkpoint" => "the OCI runtime does it: sampan-runtime checkpoint and restore",
        _ => null,
    };
}
