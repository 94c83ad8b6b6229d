namespace Sampan.Registries;

/// <summary>Where a login is kept.</summary>
/// <param name="Helper">The credential helper that keeps it; null when it is in the file, not encrypted.</param>
/// <param name="File">docker's config.json.</param>
public sealed record LoginPlace(string? Helper, string File);
