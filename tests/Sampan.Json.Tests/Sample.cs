using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sampan.Json.Tests;

/// <summary>Every kind of member the generator knows.</summary>
public sealed record Sample
{
    public string Text { get; init; } = "default";

    public string? MaybeText { get; set; }

    public bool Truth { get; init; } = true;

    public bool? MaybeTruth { get; init; }

    public int Small { get; set; } = 7;

    public uint? Unsigned { get; init; }

    public ushort Short { get; init; }

    public long Large { get; init; }

    public ulong Huge { get; init; }

    public DateTimeOffset? Time { get; init; }

    public IReadOnlyList<string> Texts { get; init; } = ["one"];

    public IReadOnlyList<long>? Numbers { get; set; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, SampleEmpty>? Set { get; init; }

    public IReadOnlyDictionary<string, SampleRest>? Rests { get; init; }

    public IReadOnlyList<Sample>? Children { get; init; }

    public SampleRest? Rest { get; init; }

    [JsonPropertyName("other-name")]
    public string? Renamed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Sparse { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<string>? Shown { get; init; }

    public string? UIDMap { get; init; }

    [JsonIgnore]
    public string Hidden => Text + "!";
}

/// <summary>A record of nothing: of a set only the names count.</summary>
public sealed record SampleEmpty;

/// <summary>Keeps what it does not know.</summary>
public sealed record SampleRest
{
    public string? Known { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>As the runtime's documents.</summary>
[JsonFormats(CamelCase = true, OmitNull = true)]
[JsonFormat(typeof(Sample))]
[JsonFormat(typeof(IReadOnlyList<Sample>), Name = "Samples")]
internal static partial class CamelJson;

/// <summary>As the engine's.</summary>
[JsonFormats]
[JsonFormat(typeof(Sample))]
internal static partial class PlainJson;

/// <summary>As a filter profile is read.</summary>
[JsonFormats(CamelCase = true, IgnoreCase = true)]
[JsonFormat(typeof(Sample))]
internal static partial class LenientJson;
