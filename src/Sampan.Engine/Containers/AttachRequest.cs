namespace Sampan.Engine.Containers;

/// <summary>Which streams of a running container a client wants.</summary>
public sealed record AttachRequest
{
    /// <summary>The client's input goes to the container, where it was made with an open stdin.</summary>
    public bool Stdin { get; init; }

    /// <summary>Standard output (all output with a terminal).</summary>
    public bool Stdout { get; set; } = true;

    /// <summary>Standard error.</summary>
    public bool Stderr { get; set; } = true;
}
