using Sampan.Oci.Images;

namespace Sampan.Images.Receiving;

/// <summary>How an image is received, and who is told.</summary>
public sealed record ReceiveOptions
{
    /// <summary>Layers that come at once; docker takes three.</summary>
    public int Parallelism { get; init; } = 3;

    /// <summary>Is told when a layer enters a stage. By several threads at once.</summary>
    public Action<Descriptor, LayerStage>? Progress { get; init; }
}
