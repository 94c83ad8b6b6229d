using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Receiving;

/// <summary>
/// A blob on its way into the store, in a file that has its name and its lock: who else wants it waits for the lock and finds it done. What
/// is in the file when its writer is killed is where the next one goes on.
/// </summary>
internal sealed class PartialBlob : IDisposable
{
    private readonly StorePaths _paths;
    private readonly Digest _digest;
    private readonly FileLock _file;
    private long _position;

    private PartialBlob(StorePaths paths, Digest digest, FileLock file)
    {
        _paths = paths;
        _digest = digest;
        _file = file;
        Length = file.Descriptor.Status().Size;
    }

    /// <summary>Takes a blob on, unless the store has it.</summary>
    /// <param name="paths">The store.</param>
    /// <param name="digest">The blob's digest.</param>
    /// <param name="waiting">Is told before it waits for another process that has taken it on.</param>
    /// <returns>The blob; null when the store has it, perhaps since a moment ago.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static PartialBlob? Acquire(StorePaths paths, Digest digest, Action waiting)
    {
        var path = paths.Download(digest);
        while (FileDescriptor.TryStatus(paths.Blob(digest)) is null)
        {
            var file = FileLock.TryAcquire(path);
            if (file is null)
            {
                waiting();
                file = FileLock.Acquire(path);
            }

            // Whoever had the lock has moved the file into the store, or a collection has removed it: then the lock is on nothing.
            if (FileDescriptor.TryStatus(path) is { } status && status.IsSameFile(file.Descriptor.Status()))
            {
                var partial = new PartialBlob(paths, digest, file);
                if (FileDescriptor.TryStatus(paths.Blob(digest)) is null)
                {
                    return partial;
                }

                // It was moved between the look at the store and the lock, which is on a new file.
                partial.Discard();
            }

            file.Dispose();
        }

        return null;
    }

    /// <summary>Bytes that are in the file, those of an earlier try among them.</summary>
    public long Length { get; private set; }

    /// <summary>What an earlier try has left, to be read once; <see cref="Append"/> expects the blob from its first byte again.</summary>
    /// <returns>The bytes; null when there are none.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public Stream? Already()
    {
        _position = 0;
        _file.Descriptor.Seek(Length, SeekOrigin.Begin);
        return Length == 0 ? null : new DescriptorStream(FileDescriptor.Open(_paths.Download(_digest), OpenFlags.ReadOnly), owned: true);
    }

    /// <summary>Takes the next bytes of the blob, from its first on; those that an earlier try has left are not written again.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="LinuxException">write(2) failed.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var known = (int)Math.Clamp(Length - _position, 0, bytes.Length);
        _file.Descriptor.WriteAll(bytes[known..]);
        Length += bytes.Length - known;
        _position += bytes.Length;
    }

    /// <summary>Forgets all of it, to begin anew.</summary>
    /// <exception cref="LinuxException">ftruncate(2) failed.</exception>
    public void Clear()
    {
        _file.Descriptor.SetLength(0);
        Length = 0;
    }

    /// <summary>Gives it up: it is wrong, or in the way.</summary>
    /// <exception cref="LinuxException">unlink(2) failed.</exception>
    public void Discard() => FileTree.Remove(_paths.Download(_digest));

    /// <summary>Moves the blob, whole and verified, into the store.</summary>
    /// <param name="durable">Write it to the disk first.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Publish(bool durable)
    {
        if (durable)
        {
            _file.Descriptor.Synchronize();
        }

        using var downloads = FileDescriptor.Open(_paths.Downloads, OpenFlags.ReadOnly | OpenFlags.Directory);
        using var blobs = FileDescriptor.Open(_paths.Blobs, OpenFlags.ReadOnly | OpenFlags.Directory);
        _file.Descriptor.SetPermissions(0x1a4);
        if (!downloads.TryRename(_digest.Hex, blobs, _digest.Hex))
        {
            downloads.Unlink(_digest.Hex);
        }
    }

    /// <summary>Lets others have it.</summary>
    public void Dispose() => _file.Dispose();
}
