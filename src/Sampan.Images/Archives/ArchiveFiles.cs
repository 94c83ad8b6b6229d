using System.Text;
using Sampan.Images.Content;
using Sampan.Images.Layers;
using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Archives;

/// <summary>
/// The files of an image archive, spooled to disk while they come (from a pipe, in any order), known by their names in it. Names are keys
/// here and never paths of the host.
/// </summary>
internal sealed class ArchiveFiles
{
    // An image has at most 127 layers, an archive a few files for each: more is something else.
    private const int MostFiles = 1 << 16;
    private const int MostNames = 8 << 20;
    private const int LargestDocument = 4 << 20;
    private const int LongestLinkChain = 8;
    private readonly Dictionary<string, StagedBlob> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly StoreWriter _writer;
    private long _names;

    private ArchiveFiles(StoreWriter writer) => _writer = writer;

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no tar archive, or too many files for an image.</exception>
    public static ArchiveFiles Spool(Stream plain, StoreWriter writer)
    {
        var files = new ArchiveFiles(writer);
        var reader = new TarReader(plain);
        var buffer = new byte[128 << 10];
        while (reader.Next() is { } entry)
        {
            if (files._files.Count + files._links.Count == MostFiles)
            {
                throw SampanException.InvalidArgument($"not an image archive: more than {MostFiles} files; a root filesystem becomes an image with import");
            }

            files.Add(reader, entry, buffer);
        }

        return files;
    }

    public bool Contains(string name) => TryFind(name) is not null;

    /// <summary>The file of a name, links followed within the archive.</summary>
    public StagedBlob? TryFind(string name)
    {
        var key = Key(FileName.FromString(name));
        for (var hop = 0; hop < LongestLinkChain; hop++)
        {
            if (_files.TryGetValue(key, out var file))
            {
                return file;
            }

            if (!_links.TryGetValue(key, out key!))
            {
                return null;
            }
        }

        return null;
    }

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: there is no such file.</exception>
    public StagedBlob Find(string? name) =>
        (name is null ? null : TryFind(name)) ?? throw SampanException.InvalidArgument($"invalid image archive: it has no file \"{name}\"");

    public byte[] Read(StagedBlob file)
    {
        using var descriptor = _writer.Open(file);
        return descriptor.ReadToEnd(LargestDocument);
    }

    /// <summary>Names one archive may spell in several ways: ./manifest.json.</summary>
    private static string Key(FileName name) => Encoding.Latin1.GetString(EntryPath.Parse(name, "entry").Whole.Bytes);

    private void Add(TarReader reader, TarEntry entry, byte[] buffer)
    {
        var key = Key(entry.Name);
        _names += key.Length + entry.LinkName.Bytes.Length;
        if (_names > MostNames)
        {
            throw SampanException.InvalidArgument($"not an image archive: the names of its files take more than {MostNames} bytes; a root filesystem becomes an image with import");
        }

        switch (entry.Type)
        {
            case TarEntryType.Regular when entry.Extents is null:
                using (var blob = _writer.NewBlob())
                {
                    for (var count = reader.Read(buffer); count > 0; count = reader.Read(buffer))
                    {
                        blob.Write(buffer.AsSpan(0, count));
                    }

                    _files[key] = blob.Finish();
                }

                break;
            case TarEntryType.SymbolicLink:
                // docker before 25 and skopeo write a layer once and link to it.
                var directory = EntryPath.Parse(entry.Name, "entry").Parent;
                _links[key] = Key(FileName.FromBytes([.. directory.Bytes, (byte)'/', .. entry.LinkName.Bytes]));
                break;
            case TarEntryType.HardLink:
                _links[key] = Key(entry.LinkName);
                break;
        }
    }
}
