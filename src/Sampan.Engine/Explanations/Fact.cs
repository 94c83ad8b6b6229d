namespace Sampan.Engine.Explanations;

/// <summary>One thing that is true of a container, as the kernel says, and where it comes from.</summary>
public sealed record Fact
{
    /// <summary>What it is about: a namespace, a path, a control file.</summary>
    public string Name { get; set; } = "";

    /// <summary>What the kernel says.</summary>
    public string Value { get; set; } = "";

    /// <summary>Where it comes from: a flag, the image, a default.</summary>
    public string Origin { get; set; } = "";

    /// <summary>What was asked for, where that is not what the kernel says.</summary>
    public string Asked { get; set; } = "";

    /// <summary>It is not what was asked for: somebody has changed it since.</summary>
    public bool Changed { get; init; }

    /// <summary>A fact that may differ from what was asked for.</summary>
    /// <param name="name">What it is about.</param>
    /// <param name="value">What the kernel says.</param>
    /// <param name="asked">What the kernel should say.</param>
    /// <param name="origin">Where that comes from.</param>
    /// <param name="same">Whether the two are the same.</param>
    internal static Fact Of(string name, string value, string asked, string origin, bool same) =>
        new() { Name = name, Value = value, Origin = origin, Asked = same ? "" : asked, Changed = !same };
}
