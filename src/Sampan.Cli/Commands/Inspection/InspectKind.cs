namespace Sampan.Cli.Commands.Inspection;

/// <summary>What inspect looks for.</summary>
internal enum InspectKind
{
    /// <summary>A container, else an image, else a network, else a volume.</summary>
    Any,

    /// <summary>Containers only.</summary>
    Container,

    /// <summary>Images only.</summary>
    Image,

    /// <summary>Networks only.</summary>
    Network,

    /// <summary>Volumes only.</summary>
    Volume,
}
