using Sampan.Linux.Files;

namespace Sampan.Engine.Files;

/// <summary>What is to be copied.</summary>
/// <param name="Pinned">Opened O_PATH|O_NOFOLLOW.</param>
/// <param name="Name">The name the copy has where the target does not give it another; "." where only a directory's content is meant.</param>
internal readonly record struct CopySource(FileDescriptor Pinned, string Name)
{
    public bool IsDirectory => Pinned.Status().IsDirectory;
}
