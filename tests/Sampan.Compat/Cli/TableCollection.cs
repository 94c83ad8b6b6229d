namespace Sampan.Compat.Cli;

/// <summary>The cases share one dockerd and one Sampan.</summary>
[CollectionDefinition(Name)]
public sealed class TableCollection : ICollectionFixture<PeerHost>, ICollectionFixture<SampanHost>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "table";
}
