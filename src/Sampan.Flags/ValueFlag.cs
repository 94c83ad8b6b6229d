namespace Sampan.Flags;

/// <summary>A flag with one value; the last one given counts.</summary>
/// <param name="name">Long name, without dashes.</param>
/// <param name="shorthand">One letter, or NUL when there is none.</param>
/// <param name="help">What help says.</param>
/// <typeparam name="T">Type of the value.</typeparam>
/// <param name="typeName">Word for the value in help: "string", "int", "bytes", "decimal".</param>
/// <param name="parse">Reads the value; throws <see cref="ValueException"/> when it cannot.</param>
/// <param name="initial">Value when the command line does not say.</param>
/// <param name="defaultText">What help shows as the default; empty shows none.</param>
public sealed class ValueFlag<T>(string name, char shorthand, string help, string typeName, Func<string, T> parse, T initial, string defaultText = "")
    : Flag(name, shorthand, help)
{
    /// <summary>The value.</summary>
    public T Value { get; private set; } = initial;

    /// <inheritdoc/>
    public override string TypeName => typeName;

    /// <inheritdoc/>
    public override string DefaultText => defaultText;

    /// <inheritdoc/>
    protected override void Accept(string text) => Value = parse(text);
}
