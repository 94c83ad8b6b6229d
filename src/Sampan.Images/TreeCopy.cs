using Sampan.Images.Compression;
using Sampan.Images.Layers;
using Sampan.Images.Tar;
using Sampan.Images.Trees;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images;

/// <summary>
/// Copies files with owners, modes, times, extended attributes, hard links, devices and holes, between directories and to and from tar
/// archives, in bounded memory. Who shares the tree may change it meanwhile and gains nothing by it: no link is followed, no device opened.
/// </summary>
public static class TreeCopy
{
    /// <summary>Copies a file, or a directory with everything in it, into a directory.</summary>
    /// <param name="source">What; opened O_PATH|O_NOFOLLOW, closed when done.</param>
    /// <param name="name">Its name there; "." copies a directory's content alone.</param>
    /// <param name="target">The directory, open for reading.</param>
    /// <param name="owner">Who owns the copies.</param>
    /// <param name="owners">What the source's owners are at the target; null is what they are.</param>
    /// <returns>Bytes of an archive of the same.</returns>
    /// <exception cref="SampanException">A file and a directory in each other's place, or a name replaced during the copy.</exception>
    /// <exception cref="LinuxException">The kernel refused: disk full, read-only.</exception>
    public static long ToDirectory(FileDescriptor source, FileName name, FileDescriptor target, CopyOwner owner, OwnerMap? owners = null)
    {
        using var file = new PinnedFile(source);
        using var sink = new DirectorySink(target, new EntryMaker(owner));
        new TreeWalker(sink, owners).Walk(file, name);
        return sink.ArchiveLength;
    }

    /// <summary>Writes a file, or a directory with everything in it, as a tar archive.</summary>
    /// <param name="source">What; opened O_PATH|O_NOFOLLOW, closed when done.</param>
    /// <param name="name">Its name in the archive.</param>
    /// <param name="output">Where to.</param>
    /// <param name="owners">What the source's owners are in the archive; null is what they are.</param>
    /// <exception cref="SampanException">The tree is too deep.</exception>
    /// <exception cref="LinuxException">The kernel refused; EPIPE when the reader is gone.</exception>
    public static void ToArchive(FileDescriptor source, FileName name, Stream output, OwnerMap? owners = null)
    {
        using var file = new PinnedFile(source);
        var writer = new TarWriter(output);
        new TreeWalker(new ArchiveSink(writer), owners).Walk(file, name);
        writer.Finish();
    }

    /// <summary>Unpacks a tar archive, as it is or in gzip or zstd, into a directory of a root filesystem.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="root">The root filesystem; no path leads out of it.</param>
    /// <param name="directory">Path of the directory in it.</param>
    /// <param name="owner">Who owns what is unpacked.</param>
    /// <param name="owners">What the archive's owners are in the root filesystem; null is what they are.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no archive, a damaged one, or one that does not fit what is there.</exception>
    /// <exception cref="LinuxException">The kernel refused: disk full, read-only.</exception>
    public static void FromArchive(Stream archive, FileDescriptor root, FileName directory, CopyOwner owner, OwnerMap? owners = null)
    {
        try
        {
            using var source = new SourceStream(archive);
            using var plain = Decompression.OpenArchive(source);
            using var extractor = new ArchiveExtractor(root, directory, new EntryMaker(owner), owners);
            extractor.Extract(new TarReader(plain));
        }
        catch (InvalidDataException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, "gzip: the compressed data is damaged or cut off", error);
        }
    }

    /// <summary>Writes everything a stack of layers shows as a tar archive, as overlayfs would show it; nothing is mounted.</summary>
    /// <param name="layers">Directories, bottom first.</param>
    /// <param name="output">Where to.</param>
    /// <param name="owners">What the owners of the topmost are in the archive; null is what they are.</param>
    /// <exception cref="SampanException">The tree is too deep.</exception>
    /// <exception cref="LinuxException">A layer cannot be read; EPIPE when the reader is gone.</exception>
    public static void Export(IReadOnlyList<string> layers, Stream output, OwnerMap? owners = null)
    {
        var writer = new TarWriter(output);
        using (var root = MergedDirectory.TryOpen(layers, "/"))
        {
            if (root is not null)
            {
                new TreeWalker(new ArchiveSink(writer), owners).WalkContent(root, default(FileName));
            }
        }

        writer.Finish();
    }
}
