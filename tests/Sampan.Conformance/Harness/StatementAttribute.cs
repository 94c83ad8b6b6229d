namespace Sampan.Conformance.Harness;

/// <summary>
/// The statement of the OCI runtime specification that a test observes, in our own words. It becomes a row of
/// docs/spec-conformance.md; a theory becomes a row for each first argument.
/// </summary>
/// <param name="section">Document and heading, as "runtime.md#start".</param>
/// <param name="text">The statement; "{0}" stands for a theory's first argument.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StatementAttribute(string section, string text) : Attribute
{
    /// <summary>Document and heading.</summary>
    public string Section { get; } = section;

    /// <summary>The statement.</summary>
    public string Text { get; } = text;
}
