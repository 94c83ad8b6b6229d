namespace Sampan.Engine;

/// <summary>Where the engine keeps what lasts and what does not outlive a boot (ARCHITECTURE.md, "State on disk").</summary>
/// <param name="Root">Lasting state; docker's data-root. Absolute.</param>
/// <param name="State">State of this boot: sockets of the monitors. Absolute.</param>
public sealed record EnginePaths(string Root, string State)
{
    /// <summary>/var/lib/sampan and /run/sampan.</summary>
    public static EnginePaths Default { get; } = new("/var/lib/sampan", "/run/sampan");

    /// <summary>A directory for each container, named by its id.</summary>
    public string Containers => Root + "/containers";

    /// <summary>A file for each name in use, holding the id of the container it names.</summary>
    public string Names => Root + "/names";

    /// <summary>A directory for each volume, named as the volume.</summary>
    public string Volumes => Root + "/volumes";

    /// <summary>A record for each network, named as the network.</summary>
    public string Networks => Root + "/networks";

    /// <summary>What is true of networks in this boot: a directory for each that is set up, named by its id.</summary>
    public string NetworkStates => State + "/networks";

    /// <summary>Unpacked layers, named by the hex digits of their diff-id.</summary>
    public string Layers => Root + "/layers";

    /// <summary>The layer below every image, with the places that are mounted on.</summary>
    public string Mountpoints => Root + "/mountpoints";

    /// <summary>Compiled seccomp filters.</summary>
    public string Seccomp => Root + "/seccomp";

    /// <summary>
    /// A name for what a host's network has one of for each engine: several may share the host, each with a state directory of its own. At most
    /// eight characters longer than what it begins with.
    /// </summary>
    /// <param name="usual">That of the engine whose state is at the usual place.</param>
    /// <param name="beginning">What others' begin with.</param>
    /// <returns>The name, the same in every process.</returns>
    internal string Distinct(string usual, string beginning)
    {
        if (State == Default.State)
        {
            return usual;
        }

        // FNV-1a: nobody who chooses a directory gains anything by a collision.
        var hash = 2166136261;
        foreach (var octet in System.Text.Encoding.UTF8.GetBytes(State))
        {
            hash = unchecked((hash ^ octet) * 16777619);
        }

        return beginning + hash.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The directory of one container.</summary>
    /// <param name="id">Full id.</param>
    /// <returns>An absolute path.</returns>
    public string Container(string id) => Containers + "/" + id;

    /// <summary>The directory (mode 0700) with the socket of a container's monitor; it exists only from start to exit.</summary>
    /// <param name="id">Full id.</param>
    /// <returns>An absolute path.</returns>
    public string Run(string id) => State + "/" + id;
}
