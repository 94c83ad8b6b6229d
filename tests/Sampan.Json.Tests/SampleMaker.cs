using System.Text.Json.Nodes;

namespace Sampan.Json.Tests;

/// <summary>Documents of <see cref="Sample"/>'s shape, of one seed always the same.</summary>
internal sealed class SampleMaker(int seed)
{
    private readonly Random _random = new(seed);

    public string Document() => Make(3).ToJsonString();

    private JsonObject Make(int depth)
    {
        var sample = new JsonObject();
        Maybe(sample, "text", Text);
        Maybe(sample, "maybeText", Text);
        Maybe(sample, "truth", () => _random.Next(2) == 0);
        Maybe(sample, "maybeTruth", () => _random.Next(2) == 0);
        Maybe(sample, "small", () => _random.Next(int.MinValue, int.MaxValue));
        Maybe(sample, "unsigned", () => (uint)_random.NextInt64(uint.MaxValue));
        Maybe(sample, "short", () => (ushort)_random.Next(ushort.MaxValue));
        Maybe(sample, "large", () => _random.NextInt64(long.MinValue, long.MaxValue));
        Maybe(sample, "huge", () => (ulong)_random.NextInt64(long.MinValue, long.MaxValue));
        Maybe(sample, "sparse", () => _random.Next(2));
        Maybe(sample, "time", () => DateTimeOffset.UnixEpoch.AddMilliseconds(_random.NextInt64(4_000_000_000_000)).ToString("O"));
        Maybe(sample, "texts", () => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => System.Text.Json.Nodes.JsonValue.Create(Text()))]));
        Maybe(sample, "labels", () => new JsonObject(Enumerable.Range(0, _random.Next(4)).Select(index => KeyValuePair.Create(index + Text(), (JsonNode?)Text()))));
        Maybe(sample, "unknown", () => new JsonObject { ["x"] = new JsonArray(1, "2", null, new JsonObject()) });
        if (depth > 0)
        {
            Maybe(sample, "children", () => new JsonArray([.. Enumerable.Range(0, _random.Next(3)).Select(_ => Make(depth - 1))]));
        }

        return sample;
    }

    private void Maybe<T>(JsonObject sample, string name, Func<T> value)
    {
        if (_random.Next(2) == 0)
        {
            sample[name] = value() is JsonNode node ? node : System.Text.Json.Nodes.JsonValue.Create(value());
        }
    }

    private string Text() => string.Concat(Enumerable.Range(0, _random.Next(6)).Select(_ => char.ConvertFromUtf32(_random.Next(5) switch
    {
        0 => _random.Next(1, 32),
        1 => _random.Next(0x1F600, 0x1F650),
        2 => _random.Next(0x80, 0x800),
        _ => _random.Next(32, 127),
    })));
}
