namespace Sampan.Engine.Containers;

/// <summary>Options of a volume's mount (docker's VolumeOptions).</summary>
public sealed record VolumeOptions
{
    /// <summary>Do not fill an empty volume from the image.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Labels of a volume that is made.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Driver of a volume that is made, and its options.</summary>
    public VolumeDriverConfig? DriverConfig { get; init; }

    /// <summary>Path in the volume that is mounted instead of the whole.</summary>
    public string Subpath { get; set; } = "";
}
