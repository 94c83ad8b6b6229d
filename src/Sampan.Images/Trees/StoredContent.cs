using Sampan.Images.Compression;
using Sampan.Images.Tar;
using Sampan.Linux.Files;

namespace Sampan.Images.Trees;

/// <summary>
/// The bytes of a file as its header promised them: the pieces that are no holes, one after the other. A file that was cut shorter
/// meanwhile is filled up with zeros, one that grew is read no further.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="extents">Where it has data, ascending.</param>
internal sealed class StoredContent(FileDescriptor file, IReadOnlyList<SparseExtent> extents) : ReadOnlyStream
{
    private int _index;
    private long _done;

    public override int Read(Span<byte> buffer)
    {
        while (_index < extents.Count && _done == extents[_index].Length)
        {
            _index++;
            _done = 0;
        }

        if (_index == extents.Count)
        {
            return 0;
        }

        var extent = extents[_index];
        var wanted = buffer[..(int)Math.Min(buffer.Length, extent.Length - _done)];
        var count = file.ReadAt(wanted, extent.Offset + _done);
        if (count == 0)
        {
            wanted.Clear();
            count = wanted.Length;
        }

        _done += count;
        return count;
    }
}
