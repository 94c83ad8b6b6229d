using Sampan.Linux;

namespace Sampan.Images.Content;

/// <summary>
/// "sha256:" and 64 lower-case hexadecimal digits: the only text that becomes a path of the store, so that no digest can name another
/// file (CVE-2024-3727).
/// </summary>
internal readonly record struct Digest
{
    public const string Prefix = "sha256:";

    private Digest(string value) => Value = value;

    /// <summary>The whole digest.</summary>
    public string Value { get; }

    /// <summary>The 64 digits.</summary>
    public string Hex => Value[Prefix.Length..];

    public static bool IsValid(string? text) =>
        text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal) && IsHexadecimal(text.AsSpan(Prefix.Length));

    /// <summary>Lower-case hexadecimal digits only.</summary>
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

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no sha256 digest.</exception>
    public static Digest Parse(string? text) =>
        IsValid(text) ? new(text!) : throw SampanException.InvalidArgument($"invalid digest \"{text}\": want sha256: and 64 hexadecimal digits");

    public static Digest FromHash(ReadOnlySpan<byte> hash) => new(Prefix + Convert.ToHexStringLower(hash));

    public override string ToString() => Value;
}
