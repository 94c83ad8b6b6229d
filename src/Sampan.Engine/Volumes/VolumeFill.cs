using Sampan.Engine.Containers;

namespace Sampan.Engine.Volumes;

/// <summary>Gives an empty volume the files the image has where it is mounted, as docker does.</summary>
internal static class VolumeFill
{
    public static void Fill(MountPoint mount, IReadOnlyList<string> layers) => throw new NotSupportedException(mount.Source + layers.Count);
}
