using Sampan.Compat.Docker;

namespace Sampan.Compat.Cli;

/// <summary>docker as it is: Debian's dockerd with its own runtime, the client, and no network, which Sampan has not got yet either.</summary>
public sealed class PeerHost() : DockerHost("runc", "--bridge", "none", "--iptables=false", "--ip6tables=false"), ICliEngine
{
    /// <inheritdoc/>
    public CommandResult Shell(string script, string folder) =>
        Place.Run("/bin/sh", ["-c", "cd \"$1\"; shift; engine() { docker \"$@\"; }; " + Options + script, "sh", folder]);

    private string Options => $"export DOCKER_CONFIG='{Place.PathOf("client")}' DOCKER_HOST='{Socket}'; ";
}
