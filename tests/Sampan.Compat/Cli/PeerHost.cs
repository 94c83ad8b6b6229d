using Sampan.Compat.Docker;

namespace Sampan.Compat.Cli;

/// <summary>docker as it is: Debian's dockerd with its own runtime, the client, and no network, which Sampan has not got yet either.</summary>
public sealed class PeerHost : DockerHost, ICliEngine
{
    /// <summary>Starts it, and the registries in its network.</summary>
    public PeerHost()
        : base("runc", "--bridge", "none", "--iptables=false", "--ip6tables=false")
    {
        try
        {
            Registries = new(Folder, Place.InNetwork);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public CaseRegistries Registries { get; }

    /// <inheritdoc/>
    public CommandResult Shell(string script, string folder) =>
        Place.Run("/bin/sh", ["-c", "cd \"$1\"; shift; engine() { docker \"$@\"; }; " + Options + script, "sh", folder]);

    /// <inheritdoc/>
    protected override void Stop()
    {
        Registries?.Dispose();
        base.Stop();
    }

    private string Options => $"export DOCKER_CONFIG='{Place.PathOf("client")}' DOCKER_HOST='{Socket}'; " + Registries.Variables;
}
