using Sampan.Engine.Containers;

namespace Sampan.Engine.Logs;

/// <summary>Which file of a container `logs` reads.</summary>
internal static class ContainerLogFile
{
    /// <summary>Its path.</summary>
    /// <returns>Null where nothing is kept that could be read.</returns>
    public static string? PathOf(Container container) => container.HostConfig.LogConfig.Type switch
    {
        "none" => null,
        "json-file" or "" => container.LogPath,
        "local" => DirectoryOf(container) + "/container.log",
        _ => IsCopyDisabled(container) ? null : container.Directory + "/container-cached.log",
    };

    /// <summary>The directory it is in.</summary>
    public static string DirectoryOf(Container container) =>
        container.HostConfig.LogConfig.Type == "local" ? container.Directory + "/local-logs" : container.Directory;

    /// <summary>How it is read.</summary>
    public static ILogFormat FormatOf(Container container) =>
        container.HostConfig.LogConfig.Type is "json-file" or "" ? new JsonLogFormat() : new LocalLogFormat();

    private static bool IsCopyDisabled(Container container) =>
        container.HostConfig.LogConfig.Config.TryGetValue("cache-disabled", out var disabled) && LogSwitch.Parse("cache-disabled", disabled);
}
