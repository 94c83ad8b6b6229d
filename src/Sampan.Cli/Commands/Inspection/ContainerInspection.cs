using System.Text.Json;
using Sampan.Cli.Formatting;
using Sampan.Engine.Containers;

namespace Sampan.Cli.Commands.Inspection;

/// <summary>A container in the shape of docker's API (GET /containers/{id}/json).</summary>
internal static class ContainerInspection
{
    /// <summary>Makes the document.</summary>
    /// <param name="container">The container.</param>
    /// <param name="links">Its links as docker shows them; null for none.</param>
    /// <param name="size">What its files take, where that was asked for.</param>
    /// <returns>The document.</returns>
    public static JsonDocument Of(Container container, IReadOnlyList<string>? links, ContainerSize? size = null) => JsonDocuments.Make(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("Id", container.Id);
        writer.WriteString("Created", Timestamp.Rfc3339(container.Created));
        writer.WriteString("Path", container.Path);
        writer.WritePropertyName("Args");
        InspectJson.Strings.Write(writer, container.Args);
        var state = container.State;
        WriteState(writer, container, state);
        writer.WriteString("Image", container.ImageId);
        writer.WriteString("ResolvConfPath", container.ResolvConfPath);
        writer.WriteString("HostnamePath", container.HostnamePath);
        writer.WriteString("HostsPath", container.HostsPath);
        writer.WriteString("LogPath", container.HostConfig.LogConfig.Type == "json-file" ? container.LogPath : "");
        writer.WriteString("Name", "/" + container.Name);
        writer.WriteNumber("RestartCount", state.RestartCount);
        writer.WriteString("Driver", "overlay2");
        writer.WriteString("Platform", "linux");
        writer.WriteString("MountLabel", "");
        writer.WriteString("ProcessLabel", "");
        writer.WriteString("AppArmorProfile", "");
        writer.WriteNull("ExecIDs");
        writer.WritePropertyName("HostConfig");
        InspectJson.HostConfig.Write(writer, container.HostConfig with { Links = links });
        WriteGraphDriver(writer, container);
        if (size is { } sizes)
        {
            writer.WriteNumber("SizeRw", sizes.Written);
            writer.WriteNumber("SizeRootFs", sizes.Total);
        }

        writer.WritePropertyName("Mounts");
        InspectJson.MountPoints.Write(writer, container.Mounts);
        writer.WritePropertyName("Config");
        InspectJson.ContainerConfig.Write(writer, container.Config);
        NetworkSettingsInspection.Write(writer, container, state);
        writer.WriteEndObject();
    });

    private static void WriteState(Utf8JsonWriter writer, Container container, ContainerState state)
    {
        writer.WriteStartObject("State");
        writer.WriteString("Status", state.StatusName);
        writer.WriteBoolean("Running", state.Running);
        writer.WriteBoolean("Paused", state.Paused);
        writer.WriteBoolean("Restarting", state.Restarting);
        writer.WriteBoolean("OOMKilled", state.OomKilled);
        writer.WriteBoolean("Dead", state.Status == ContainerStatus.Dead);
        writer.WriteNumber("Pid", state.Pid);
        writer.WriteNumber("ExitCode", state.ExitCode);
        writer.WriteString("Error", state.Error);
        writer.WriteString("StartedAt", Timestamp.Rfc3339(state.StartedAt));
        writer.WriteString("FinishedAt", Timestamp.Rfc3339(state.FinishedAt));
        if (state.Health.Length > 0)
        {
            WriteHealth(writer, (container.Health ?? new()) with { Status = state.Health });
        }

        writer.WriteEndObject();
    }

    private static void WriteHealth(Utf8JsonWriter writer, ContainerHealth health)
    {
        writer.WriteStartObject("Health");
        writer.WriteString("Status", health.Status);
        writer.WriteNumber("FailingStreak", health.FailingStreak);
        writer.WriteStartArray("Log");
        foreach (var result in health.Log)
        {
            writer.WriteStartObject();
            writer.WriteString("Start", Timestamp.Rfc3339(result.Start));
            writer.WriteString("End", Timestamp.Rfc3339(result.End));
            writer.WriteNumber("ExitCode", result.ExitCode);
            writer.WriteString("Output", result.Output);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteGraphDriver(Utf8JsonWriter writer, Container container)
    {
        writer.WriteStartObject("GraphDriver");
        writer.WriteStartObject("Data");
        if (container.HostConfig.Rootfs is null)
        {
            // Overlay's order: the top layer first.
            var layers = new List<string>(container.LayerDirectories);
            layers.Reverse();
            writer.WriteString("LowerDir", string.Join(':', layers));
            writer.WriteString("MergedDir", container.Mountpoint);
            writer.WriteString("UpperDir", container.UpperDirectory);
            writer.WriteString("WorkDir", container.WorkDirectory);
        }

        writer.WriteEndObject();
        writer.WriteString("Name", "overlay2");
        writer.WriteEndObject();
    }
}
