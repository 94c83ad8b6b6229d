namespace Sampan.EndToEnd.Networks;

/// <summary>Several things that one output must say.</summary>
internal static class Sayings
{
    /// <summary>Fails unless a text has all of these.</summary>
    public static void ShouldSay(this string text, params string[] parts)
    {
        foreach (var part in parts)
        {
            text.ShouldContain(part);
        }
    }
}
