namespace Sampan.Compat.Docker;

/// <summary>The tests that share one dockerd.</summary>
[CollectionDefinition(Name)]
public sealed class DockerCollection : ICollectionFixture<DockerHost>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "docker";
}
