using Sampan.Images.Tar;

namespace Sampan.Images.Trees;

/// <summary>Where a walked tree goes: into an archive, or into a directory.</summary>
internal interface ITreeSink
{
    /// <summary>A directory; what follows until <see cref="LeaveDirectory"/> is in it.</summary>
    public void EnterDirectory(TarEntry entry);

    /// <summary>Everything in the directory has been told.</summary>
    public void LeaveDirectory();

    /// <summary>Anything but a directory.</summary>
    /// <param name="entry">What it is; a hard link names an earlier entry's path.</param>
    /// <param name="content">The stored bytes of a regular file, else empty.</param>
    public void Add(TarEntry entry, Stream content);
}
