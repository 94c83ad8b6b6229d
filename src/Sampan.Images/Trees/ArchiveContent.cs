using Sampan.Images.Compression;
using Sampan.Images.Tar;

namespace Sampan.Images.Trees;

/// <summary>The stored bytes of an archive's current entry.</summary>
/// <param name="reader">The archive.</param>
internal sealed class ArchiveContent(TarReader reader) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer) => reader.Read(buffer);
}
