using System.Text.Json.Serialization;

namespace Sampan.Engine.Containers;

/// <summary>How to find out whether a container works: docker's HealthConfig (Engine API). Times in nanoseconds; 0 leaves it to the default.</summary>
public sealed record HealthCheck
{
    /// <summary>Empty is the image's; NONE is no check; CMD and arguments; CMD-SHELL and a line.</summary>
    public IReadOnlyList<string>? Test { get; init; }

    /// <summary>Between two checks; 30 s.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Interval { get; init; }

    /// <summary>One check may take; 30 s.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Timeout { get; init; }

    /// <summary>After the start, in which failures do not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartPeriod { get; init; }

    /// <summary>Between two checks in that time, until one succeeds; 5 s.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartInterval { get; init; }

    /// <summary>Failures in a row that make it unhealthy; 3.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Retries { get; init; }

    /// <summary>Whether there is anything to run.</summary>
    /// <returns>False for NONE and for nothing.</returns>
    internal bool Runs() => Test is { Count: > 1 } && Test[0] is "CMD" or "CMD-SHELL";

    /// <summary>The command of a check.</summary>
    /// <returns>Program and arguments.</returns>
    internal IReadOnlyList<string> Command() => Test![0] == "CMD" ? [.. Test.Skip(1)] : ["/bin/sh", "-c", Test[1]];

    /// <summary>What is left open is the image's (moby, daemon/commit.go, merge).</summary>
    internal HealthCheck Over(HealthCheck image) => new()
    {
        Test = Test is { Count: > 0 } ? Test : image.Test,
        Interval = Interval != 0 ? Interval : image.Interval,
        Timeout = Timeout != 0 ? Timeout : image.Timeout,
        StartPeriod = StartPeriod != 0 ? StartPeriod : image.StartPeriod,
        StartInterval = StartInterval != 0 ? StartInterval : image.StartInterval,
        Retries = Retries != 0 ? Retries : image.Retries,
    };
}
