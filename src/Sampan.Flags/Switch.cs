namespace Sampan.Flags;

/// <summary>A flag that is on or off: <c>--rm</c>, <c>--rm=false</c>.</summary>
/// <param name="name">Long name, without dashes.</param>
/// <param name="shorthand">One letter, or NUL when there is none.</param>
/// <param name="help">What help says.</param>
/// <param name="initial">Value when the command line does not say.</param>
public sealed class Switch(string name, char shorthand, string help, bool initial = false) : Flag(name, shorthand, help)
{
    /// <summary>On or off.</summary>
    public bool Value { get; private set; } = initial;

    /// <inheritdoc/>
    public override string TypeName => "";

    /// <inheritdoc/>
    public override string DefaultText { get; } = initial ? "true" : "";

    /// <inheritdoc/>
    public override bool IsSwitch => true;

    /// <inheritdoc/>
    protected override void Accept(string text) => Value = text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new ValueException($"strconv.ParseBool: parsing \"{text}\": invalid syntax"),
    };
}
