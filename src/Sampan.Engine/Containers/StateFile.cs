using System.Buffers;
using System.Text.Json;
using Sampan.Engine.Storage;
using Sampan.Json;

namespace Sampan.Engine.Containers;

/// <summary>state.json of a container. Read and written by hand: every ps reads one per container, every start writes two.</summary>
internal static class StateFile
{
    private static readonly string[] NumberNames = ["stdinPipe", "stdoutPipe", "stderrPipe", "restartDelay", "adoptions", "socket"];

    public static string PathOf(string containerDirectory) => containerDirectory + "/state.json";

    /// <summary>Whether there is a record that can be read.</summary>
    public static bool IsWhole(string containerDirectory) => Entries.Exists(PathOf(containerDirectory)) && TryReadRecorded(containerDirectory) is not null;

    /// <summary>
    /// The recorded state, corrected: where it says running and nobody holds the monitor's lock the monitor died, and the container may run on
    /// or not. The record is read again after the lock was seen free, since the monitor may have recorded the exit just before it let go.
    /// </summary>
    public static ContainerState Read(Container container)
    {
        var state = ReadRecorded(container.Directory);
        if (container.IsDamaged && !(state.Running && container.HasMonitor))
        {
            return state with
            {
                Status = ContainerStatus.Dead,
                Pid = 0,
                PidStartTime = 0,
                Error = "container.json is damaged: remove the container with rm -f, or restore the file",
            };
        }

        if (!state.Running || container.HasMonitor)
        {
            return state;
        }

        state = ReadRecorded(container.Directory);
        return state.Running && !ContainerRemains.Of(container, state).AreAlive ? ContainerRemains.Ended(container, state) : state;
    }

    /// <summary>
    /// What is recorded, unchecked. A container without the file was never started; one whose file is damaged is dead: it can be looked at
    /// and removed, and no other container is affected.
    /// </summary>
    public static ContainerState ReadRecorded(string containerDirectory) =>
        TryReadRecorded(containerDirectory) ?? new ContainerState
        {
            Status = ContainerStatus.Dead,
            Error = "state.json is damaged: remove the container, or repair it with system check --repair",
        };

    /// <summary>The same; null when the file is damaged.</summary>
    public static ContainerState? TryReadRecorded(string containerDirectory)
    {
        try
        {
            return RecordFile.TryRead(PathOf(containerDirectory)) is { } bytes ? Parse(bytes) : new ContainerState();
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    public static void Write(string containerDirectory, ContainerState state, bool durable)
    {
        var buffer = new ArrayBufferWriter<byte>(384);
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JsonTextEncoder.Instance }))
        {
            writer.WriteStartObject();
            writer.WriteString("status"u8, state.StatusName);
            writer.WriteNumber("pid"u8, state.Pid);
            writer.WriteNumber("pidStartTime"u8, state.PidStartTime);
            writer.WriteNumber("exitCode"u8, state.ExitCode);
            writer.WriteString("error"u8, state.Error);
            writer.WriteString("startedAt"u8, state.StartedAt);
            writer.WriteString("finishedAt"u8, state.FinishedAt);
            writer.WriteBoolean("oomKilled"u8, state.OomKilled);
            WriteWhatANextMonitorNeeds(writer, state);
            if (state.RestartCount > 0)
            {
                writer.WriteNumber("restartCount"u8, state.RestartCount);
            }

            if (state.StoppedByCommand)
            {
                writer.WriteBoolean("stoppedByCommand"u8, true);
            }

            if (state.Health.Length > 0)
            {
                writer.WriteString("health"u8, state.Health);
            }

            writer.WriteEndObject();
        }

        RecordFile.Replace(PathOf(containerDirectory), buffer.WrittenSpan, durable);
    }

    private static void WriteWhatANextMonitorNeeds(Utf8JsonWriter writer, ContainerState state)
    {
        if (state.BootId.Length > 0)
        {
            writer.WriteString("bootId"u8, state.BootId);
        }

        ReadOnlySpan<long> numbers = [state.StdinPipe, state.StdoutPipe, state.StderrPipe, state.RestartDelay, state.Adoptions, state.SocketNumber];
        for (var index = 0; index < numbers.Length; index++)
        {
            if (numbers[index] > 0)
            {
                writer.WriteNumber(NumberNames[index], numbers[index]);
            }
        }
    }

    internal static ContainerState Parse(ReadOnlySpan<byte> json)
    {
        var status = ContainerStatus.Created;
        var state = new ContainerState();
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("no object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "status":
                    status = reader.GetString() switch
                    {
                        "created" => ContainerStatus.Created,
                        "running" => ContainerStatus.Running,
                        "paused" => ContainerStatus.Paused,
                        "restarting" => ContainerStatus.Restarting,
                        "exited" => ContainerStatus.Exited,
                        _ => ContainerStatus.Dead,
                    };
                    break;
                case "pid":
                    state = state with { Pid = reader.GetInt32() };
                    break;
                case "pidStartTime":
                    state = state with { PidStartTime = reader.GetInt64() };
                    break;
                case "exitCode":
                    state = state with { ExitCode = reader.GetInt32() };
                    break;
                case "error":
                    state = state with { Error = reader.GetString() ?? "" };
                    break;
                case "startedAt":
                    state = state with { StartedAt = reader.GetDateTimeOffset() };
                    break;
                case "finishedAt":
                    state = state with { FinishedAt = reader.GetDateTimeOffset() };
                    break;
                case "bootId":
                    state = state with { BootId = reader.GetString() ?? "" };
                    break;
                case "stdinPipe":
                    state = state with { StdinPipe = reader.GetInt64() };
                    break;
                case "stdoutPipe":
                    state = state with { StdoutPipe = reader.GetInt64() };
                    break;
                case "stderrPipe":
                    state = state with { StderrPipe = reader.GetInt64() };
                    break;
                case "restartDelay":
                    state = state with { RestartDelay = reader.GetInt64() };
                    break;
                case "adoptions":
                    state = state with { Adoptions = reader.GetInt32() };
                    break;
                case "socket":
                    state = state with { SocketNumber = reader.GetInt64() };
                    break;
                case "oomKilled":
                    state = state with { OomKilled = reader.GetBoolean() };
                    break;
                case "restartCount":
                    state = state with { RestartCount = reader.GetInt32() };
                    break;
                case "stoppedByCommand":
                    state = state with { StoppedByCommand = reader.GetBoolean() };
                    break;
                case "health":
                    state = state with { Health = reader.GetString() ?? "" };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return state with { Status = status };
    }
}
