namespace Sampan.Registries;

/// <summary>A repository that a search found.</summary>
/// <param name="Name">Its name as it can be pulled.</param>
/// <param name="Description">What its owner says.</param>
/// <param name="Stars">Who likes it.</param>
/// <param name="IsOfficial">Docker Hub's own.</param>
/// <param name="IsAutomated">Built by Docker Hub.</param>
public sealed record SearchResult(string Name, string Description, long Stars, bool IsOfficial, bool IsAutomated);
