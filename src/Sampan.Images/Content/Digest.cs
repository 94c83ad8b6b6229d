using Sampan.Linux;

namespace Sampan.Images.Content;

/// <summary>
/// "sha256:" and 64 lower-case hexadecimal digits: the only text that becomes a path of the store, so that no digest can name another
/// file (CVE-2024-3727).
/// </summary>
public readonly record struct Digest
{
    /// <summary>The only algorithm there is here.</summary>
    public const string Prefix = "sha256:";

    private Digest(string value) => Value = value;

    /// <summary>The whole digest.</summary>
    public string Value { get; }

    /// <summary>The 64 digits.</summary>
    public string Hex => Value[Prefix.Length..];

    /// <summary>Whether a text is a digest.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True when it is.</returns>
    public static bool IsValid(string? text) =>
        text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal) && IsHexadecimal(text.AsSpan(Prefix.Length));

    /// <summary>Lower-case hexadecimal digits only.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True when there is nothing else in it.</returns>
    public static bool IsHexadecimal(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigitLower(character))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a digest.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The digest.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no sha256 digest.</exception>
    public static Digest Parse(string? text) =>
        IsValid(text) ? new(text!) : throw SampanException.InvalidArgument($"invalid digest \"{text}\": want sha256: and 64 hexadecimal digits");

    /// <summary>The digest that a hash is.</summary>
    /// <param name="hash">32 bytes.</param>
    /// <returns>The digest.</returns>
    public static Digest FromHash(ReadOnlySpan<byte> hash) => new(Prefix + Convert.ToHexStringLower(hash));

    /// <summary>The whole digest.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Value;
}
