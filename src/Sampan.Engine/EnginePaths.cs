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

    /// <summary>Unpacked layers, named by the hex digits of their diff-id.</summary>
    public string Layers => Root + "/layers";

    /// <summary>The layer below every image, with the places that are mounted on.</summary>
    public string Mountpoints => Root + "/mountpoints";

    /// <summary>Compiled seccomp filters.</summary>
    public string Seccomp => Root + "/seccomp";

    /// <summary>The directory of one container.</summary>
    /// <param name="id">Full id.</param>
    /// <returns>An absolute path.</returns>
    public string Container(string id) => Containers + "/" + id;

    /// <summary>The directory (mode 0700) with the socket of a container's monitor; it exists only from start to exit.</summary>
    /// <param name="id">Full id.</param>
    /// <returns>An absolute path.</returns>
    public string Run(string id) => State + "/" + id;
}
