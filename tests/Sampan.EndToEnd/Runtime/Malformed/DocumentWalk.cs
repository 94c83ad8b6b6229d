using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime.Malformed;

/// <summary>Every value of a document by its place, and changes there.</summary>
internal static class DocumentWalk
{
    /// <summary>The places of all values below the root: property names and indices.</summary>
    public static IEnumerable<object[]> Places(JsonNode node)
    {
        IEnumerable<(object Step, JsonNode? Value)> children = node switch
        {
            JsonObject properties => properties.Select(pair => ((object)pair.Key, pair.Value)),
            JsonArray elements => elements.Select((value, index) => ((object)index, value)),
            _ => [],
        };
        foreach (var (step, value) in children)
        {
            yield return [step];
            foreach (var below in value is null ? [] : Places(value))
            {
                yield return [step, .. below];
            }
        }
    }

    /// <summary>The value at a place.</summary>
    public static JsonNode? At(JsonNode root, ReadOnlySpan<object> place)
    {
        var node = root;
        foreach (var step in place)
        {
            node = step is string name ? node![name] : node![(int)step];
        }

        return node;
    }

    /// <summary>Replaces the value at a place.</summary>
    public static void Set(JsonNode root, object[] place, JsonNode? value)
    {
        var parent = At(root, place.AsSpan(..^1))!;
        if (place[^1] is string name)
        {
            parent[name] = value;
        }
        else
        {
            parent[(int)place[^1]] = value;
        }
    }

    /// <summary>Takes it away.</summary>
    public static void Remove(JsonNode root, object[] place)
    {
        var parent = At(root, place.AsSpan(..^1))!;
        if (place[^1] is string name)
        {
            parent.AsObject().Remove(name);
        }
        else
        {
            parent.AsArray().RemoveAt((int)place[^1]);
        }
    }

    /// <summary>As the errors write a place: process.args[0].</summary>
    public static string Text(object[] place) => string.Concat(place.Select((step, at) => step is string name ? (at == 0 ? "" : ".") + name : $"[{step}]"));

    /// <summary>A value of each kind of JSON but that of the given one.</summary>
    public static IEnumerable<JsonNode> OtherKinds(JsonNode value)
    {
        var kind = value.GetValueKind() is JsonValueKind.False ? JsonValueKind.True : value.GetValueKind();
        return new JsonNode[] { JsonValue.Create(true), JsonValue.Create(7), JsonValue.Create("text"), new JsonArray(), new JsonObject() }.Where(other => other.GetValueKind() != kind);
    }
}
