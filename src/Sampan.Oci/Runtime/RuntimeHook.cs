namespace Sampan.Oci.Runtime;

/// <summary>One hook.</summary>
public sealed record RuntimeHook
{
    /// <summary>Absolute path of the program.</summary>
    public string Path { get; set; } = "";

    /// <summary>argv, including argv[0].</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Environment.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds before it is killed.</summary>
    public int? Timeout { get; init; }
}
