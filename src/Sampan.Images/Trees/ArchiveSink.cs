using Sampan.Images.Tar;
using Sampan.Linux.Files;

namespace Sampan.Images.Trees;

/// <summary>Writes a tree as a tar archive.</summary>
/// <param name="writer">The archive; <see cref="TarWriter.Finish"/> is the caller's.</param>
internal sealed class ArchiveSink(TarWriter writer) : ITreeSink
{
    private readonly byte[] _buffer = new byte[256 << 10];

    public void EnterDirectory(TarEntry entry)
    {
        entry.Name = FileName.FromBytes([.. entry.Name.Bytes, (byte)'/']);
        writer.WriteHeader(entry);
    }

    public void LeaveDirectory()
    {
    }

    public void Add(TarEntry entry, Stream content)
    {
        writer.WriteHeader(entry);
        for (var count = content.Read(_buffer); count > 0; count = content.Read(_buffer))
        {
            writer.Write(_buffer.AsSpan(0, count));
        }
    }
}
