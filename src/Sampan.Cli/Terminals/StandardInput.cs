using Sampan.Linux.Files;

namespace Sampan.Cli.Terminals;

/// <summary>Descriptor 0. It is shared with other processes, so it is never made non-blocking: poll before reading.</summary>
internal static class StandardInput
{
    private static readonly FileDescriptor Descriptor = new(0, owned: false);

    /// <summary>Reads once.</summary>
    /// <param name="buffer">Where to.</param>
    /// <returns>Bytes read, 0 at the end, or minus the error number.</returns>
    public static int TryRead(Span<byte> buffer) => Descriptor.TryRead(buffer);
}
