namespace Sampan.Flags;

/// <summary>A flag that may be given many times; the values keep their order.</summary>
/// <param name="name">Long name, without dashes.</param>
/// <param name="shorthand">One letter, or NUL when there is none.</param>
/// <param name="help">What help says.</param>
/// <param name="typeName">Word for the value in help.</param>
/// <param name="check">Refuses a value by throwing <see cref="ValueException"/>, or rewrites it; null takes every value as it is.</param>
public sealed class ListFlag(string name, char shorthand, string help, string typeName = "list", Func<string, string>? check = null)
    : Flag(name, shorthand, help)
{
    private List<string>? _values;

    /// <summary>The values in order; empty when the flag was not given.</summary>
    public IReadOnlyList<string> Values => _values ?? (IReadOnlyList<string>)[];

    /// <summary>The values in order, or null when the flag was not given.</summary>
    public IReadOnlyList<string>? ValuesOrNull => _values;

    /// <inheritdoc/>
    public override string TypeName => typeName;

    /// <inheritdoc/>
    protected override void Accept(string text) => (_values ??= []).Add(check is null ? text : check(text));
}
