namespace Sampan.Engine.Containers;

/// <summary>Another container of the default bridge that a container knows by a name of its own (--link).</summary>
public sealed record ContainerLink
{
    /// <summary>Full id.</summary>
    public string Container { get; set; } = "";

    /// <summary>Its name when it was linked; shown once it is gone.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it is called.</summary>
    public string Alias { get; set; } = "";
}
