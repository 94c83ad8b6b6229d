namespace Sampan.Conformance.Harness;

/// <summary>A runtime that is known to do something else than the statement, and what it does. A recorded failure without this is stale, and so is this without one.</summary>
/// <param name="runtime">Name and version, as "runc 1.1.5".</param>
/// <param name="reason">What it does instead, or why it cannot.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class DiffersAttribute(string runtime, string reason) : Attribute
{
    /// <summary>Name and version.</summary>
    public string Runtime { get; } = runtime;

    /// <summary>What it does instead.</summary>
    public string Reason { get; } = reason;

    /// <summary>The rows of a theory this holds for; all of them when empty.</summary>
    public string[] Rows { get; set; } = [];
}
