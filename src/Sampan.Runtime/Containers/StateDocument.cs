using System.Globalization;
using System.Text.Json;
using Sampan.Json;

namespace Sampan.Runtime.Containers;

/// <summary>The state as others read it: on the standard input of hooks (runtime.md, "State") and as the output of <c>state</c> (runc's fields).</summary>
public static class StateDocument
{
    /// <summary>What a hook reads.</summary>
    /// <param name="record">The container.</param>
    /// <param name="status">Its status.</param>
    /// <returns>JSON in one line.</returns>
    public static byte[] ForHooks(ContainerRecord record, ContainerStatus status) => Write(record, status, forUsers: false);

    /// <summary>What a seccomp agent reads with the descriptor it gets (config-linux.md, "The Container Process State").</summary>
    /// <param name="record">The container.</param>
    /// <param name="status">Its status.</param>
    /// <param name="pid">The process the filter is on.</param>
    /// <param name="metadata">listenerMetadata of the specification.</param>
    /// <returns>JSON in one line.</returns>
    public static byte[] ForAgent(ContainerRecord record, ContainerStatus status, int pid, string? metadata)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new() { Encoder = JsonTextEncoder.Instance }))
        {
            json.WriteStartObject();
            json.WriteString("ociVersion", record.OciVersion);
            json.WriteStartArray("fds");
            json.WriteStringValue("seccompFd");
            json.WriteEndArray();
            json.WriteNumber("pid", pid);
            if (!string.IsNullOrEmpty(metadata))
            {
                json.WriteString("metadata", metadata);
            }

            json.WritePropertyName("state");
            WriteCommon(json, record, status);
            WriteAnnotations(json, record);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return memory.ToArray();
    }

    /// <summary>What <c>state</c> prints.</summary>
    /// <param name="record">The container.</param>
    /// <param name="status">Its status.</param>
    /// <returns>Indented JSON.</returns>
    public static byte[] ForUsers(ContainerRecord record, ContainerStatus status) => Write(record, status, forUsers: true);

    /// <summary>Writes one entry of <c>list --format json</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="record">The container.</param>
    /// <param name="status">Its status.</param>
    /// <param name="owner">Name of who made it; <c>state</c> leaves it empty.</param>
    public static void Write(Utf8JsonWriter json, ContainerRecord record, ContainerStatus status, string owner = "")
    {
        WriteCommon(json, record, status);
        json.WriteString("rootfs", record.Rootfs);
        json.WriteString("created", Time(record.Created));
        WriteAnnotations(json, record);
        json.WriteString("owner", owner);
        json.WriteEndObject();
    }

    /// <summary>RFC 3339 with nanoseconds, as Go prints it.</summary>
    /// <param name="time">A time.</param>
    /// <returns>Such as 2026-01-02T03:04:05.123456789Z.</returns>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);

    private static byte[] Write(ContainerRecord record, ContainerStatus status, bool forUsers)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new() { Indented = forUsers, Encoder = JsonTextEncoder.Instance }))
        {
            if (forUsers)
            {
                Write(json, record, status);
            }
            else
            {
                WriteCommon(json, record, status);
                WriteAnnotations(json, record);
                json.WriteEndObject();
            }
        }

        return memory.ToArray();
    }

    private static void WriteCommon(Utf8JsonWriter json, ContainerRecord record, ContainerStatus status)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion", record.OciVersion);
        json.WriteString("id", record.Id);
        json.WriteNumber("pid", status == ContainerStatus.Stopped ? 0 : record.Pid);
        json.WriteString("status", status.Text());
        json.WriteString("bundle", record.Bundle);
    }

    private static void WriteAnnotations(Utf8JsonWriter json, ContainerRecord record)
    {
        if (record.Annotations is not { Count: > 0 } annotations)
        {
            return;
        }

        json.WriteStartObject("annotations");
        foreach (var (name, value) in annotations)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
