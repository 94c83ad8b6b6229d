using System.Text;

namespace Sampan.Linux.Files;

/// <summary>
/// UTF-8 text to a descriptor, buffered. Stands where other programs use System.Console, whose start alone costs more than all the
/// rest of <c>sampan version</c>.
/// </summary>
/// <param name="descriptor">1 or 2, or another open descriptor; not closed.</param>
public sealed class TextOutput(int descriptor) : IDisposable
{
    private readonly FileDescriptor _descriptor = new(descriptor, owned: false);
    private readonly byte[] _buffer = new byte[8192];
    private int _used;

    /// <summary>The descriptor, for bytes that are written past the text; flush first.</summary>
    public FileDescriptor Descriptor => _descriptor;

    /// <summary>Writes text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>This.</returns>
    /// <exception cref="LinuxException">write(2) failed; EPIPE when the reader is gone.</exception>
    public TextOutput Write(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (_buffer.Length - _used < 16)
            {
                Flush();
            }

            // A chunk must not end inside a surrogate pair.
            var count = Math.Min(text.Length, (_buffer.Length - _used) / 3);
            if (count < text.Length && char.IsHighSurrogate(text[count - 1]))
            {
                count--;
            }

            _used += Encoding.UTF8.GetBytes(text[..count], _buffer.AsSpan(_used));
            text = text[count..];
        }

        return this;
    }

    /// <summary>Writes text and ends the line.</summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{char})"/>
    public TextOutput WriteLine(ReadOnlySpan<char> text = default) => Write(text).Write("\n");

    /// <summary>Writes one character a number of times.</summary>
    /// <param name="character">The character; ASCII.</param>
    /// <param name="count">How often.</param>
    /// <returns>This.</returns>
    public TextOutput Repeat(char character, int count)
    {
        Span<char> one = [character];
        for (; count > 0; count--)
        {
            Write(one);
        }

        return this;
    }

    /// <summary>Writes bytes as they are.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="LinuxException">write(2) failed.</exception>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= _buffer.Length - _used)
        {
            bytes.CopyTo(_buffer.AsSpan(_used));
            _used += bytes.Length;
            return;
        }

        Flush();
        _descriptor.WriteAll(bytes);
    }

    /// <summary>Hands everything to the kernel.</summary>
    /// <exception cref="LinuxException">write(2) failed.</exception>
    public void Flush()
    {
        var used = _used;
        _used = 0;
        _descriptor.WriteAll(_buffer.AsSpan(0, used));
    }

    /// <summary>Hands over what is taken; the rest is lost, where a worse failure is about to be told.</summary>
    public void FlushOrDrop()
    {
        var rest = _buffer.AsSpan(0, _used);
        _used = 0;
        while (!rest.IsEmpty && _descriptor.TryWrite(rest) is > 0 and var written)
        {
            rest = rest[written..];
        }
    }

    /// <summary>Flushes; a reader that has gone away is not an error at the end.</summary>
    public void Dispose()
    {
        FlushOrDrop();
        _descriptor.Dispose();
    }
}
