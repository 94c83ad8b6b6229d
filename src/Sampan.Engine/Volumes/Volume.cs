namespace Sampan.Engine.Volumes;

/// <summary>A volume on disk.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Mountpoint">Absolute path of its content.</param>
public sealed record Volume(VolumeRecord Record, string Mountpoint)
{
    /// <summary>Label docker gives an anonymous volume.</summary>
    public const string AnonymousLabel = "com.docker.volume.anonymous";

    /// <summary>Its name.</summary>
    public string Name => Record.Name;

    /// <summary>Made for one container, without a name of the user's choice.</summary>
    public bool IsAnonymous => Record.Labels?.ContainsKey(AnonymousLabel) == true;
}
