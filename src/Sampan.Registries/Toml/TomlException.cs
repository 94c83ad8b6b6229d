namespace Sampan.Registries.Toml;

/// <summary>A document is not TOML, or not the part of it that is read.</summary>
/// <param name="line">Line, from 1 on.</param>
/// <param name="message">What is wrong there.</param>
internal sealed class TomlException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
