using System.Text;

namespace Sampan.Linux.Files;

/// <summary>
/// A file name or path as the kernel has it: bytes without NUL, of no particular encoding (path_resolution(7)). Strings convert as UTF-8;
/// names from a tar archive or a directory keep their bytes.
/// </summary>
public readonly struct FileName : IEquatable<FileName>
{
    private readonly byte[]? _terminated;

    private FileName(byte[] terminated) => _terminated = terminated;

    /// <summary>The bytes, without the terminating NUL.</summary>
    public ReadOnlySpan<byte> Bytes => _terminated is null ? default : _terminated.AsSpan(0, _terminated.Length - 1);

    /// <summary>The bytes with the terminating NUL, for a system call's argument.</summary>
    internal ReadOnlySpan<byte> Terminated => _terminated is null ? "\0"u8 : _terminated;

    /// <summary>A name from a string, as UTF-8.</summary>
    /// <param name="text">The string.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it contains NUL.</exception>
    public static implicit operator FileName(string text) => FromString(text);

    /// <summary>A name from bytes.</summary>
    /// <param name="bytes">The bytes, without a terminating NUL.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: they contain NUL.</exception>
    public static implicit operator FileName(ReadOnlySpan<byte> bytes) => FromBytes(bytes);

    /// <summary>Same bytes.</summary>
    public static bool operator ==(FileName left, FileName right) => left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(FileName left, FileName right) => !left.Equals(right);

    /// <summary>A name from a string, as UTF-8.</summary>
    /// <param name="text">The string.</param>
    /// <returns>The name.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it contains NUL, after which the kernel would see another path.</exception>
    public static FileName FromString(string text)
    {
        var buffer = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, buffer);
        return Checked(buffer);
    }

    /// <summary>A name from bytes.</summary>
    /// <param name="bytes">The bytes, without a terminating NUL.</param>
    /// <returns>The name.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: they contain NUL.</exception>
    public static FileName FromBytes(ReadOnlySpan<byte> bytes)
    {
        var buffer = new byte[bytes.Length + 1];
        bytes.CopyTo(buffer);
        return Checked(buffer);
    }

    /// <inheritdoc/>
    public bool Equals(FileName other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FileName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>For people: bytes that are not UTF-8 become U+FFFD.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    private static FileName Checked(byte[] terminated)
    {
        if (terminated.AsSpan(0, terminated.Length - 1).Contains((byte)0))
        {
            var shown = Encoding.UTF8.GetString(terminated.AsSpan(0, terminated.Length - 1)).Replace("\0", "\\0", StringComparison.Ordinal);
            throw SampanException.InvalidArgument($"invalid file name \"{shown}\": contains NUL");
        }

        return new(terminated);
    }
}
