using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Content;

/// <summary>A small file of the store, read whole.</summary>
internal static class StoreFile
{
    /// <summary>Reads it.</summary>
    /// <returns>Null when it is not there.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: it is no regular file.</exception>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public static byte[]? TryRead(string path)
    {
        using var file = FileDescriptor.TryOpenRegular(path, OpenFlags.ReadOnly);
        return file?.ReadToEnd();
    }
}
