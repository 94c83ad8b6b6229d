namespace Sampan.Conformance.Harness;

/// <summary>JSON as tests write it.</summary>
public static class Json
{
    /// <summary>A node from its text.</summary>
    public static JsonNode Parse(string text) => JsonNode.Parse(text)!;
}
