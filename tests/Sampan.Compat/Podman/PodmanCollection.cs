namespace Sampan.Compat.Podman;

/// <summary>The tests that share one podman.</summary>
[CollectionDefinition(Name)]
public sealed class PodmanCollection : ICollectionFixture<PodmanHost>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "podman";
}
