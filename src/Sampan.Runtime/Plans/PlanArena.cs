using System.Runtime.InteropServices;
using System.Text;
using Sampan.Linux;

namespace Sampan.Runtime.Plans;

/// <summary>
/// Native memory a plan's strings and structures live in. Chunks never move, so a pointer stays good until the arena is freed; the child
/// has its own copy (copy on write) and may change it.
/// </summary>
internal sealed unsafe class PlanArena : IDisposable
{
    private const int ChunkLength = 32 * 1024;

    private readonly List<nint> _chunks = new(4);
    private byte* _free;
    private int _left;

    /// <summary>Zeroed memory, aligned to eight bytes.</summary>
    public byte* Allocate(int length)
    {
        length = (length + 7) & ~7;
        if (length > _left)
        {
            var chunk = Math.Max(length, ChunkLength);
            _free = (byte*)NativeMemory.AllocZeroed((nuint)chunk);
            _left = chunk;
            _chunks.Add((nint)_free);
        }

        var result = _free;
        _free += length;
        _left -= length;
        return result;
    }

    /// <summary>A NUL-terminated UTF-8 copy.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the string contains NUL.</exception>
    public nint Text(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument($"invalid string \"{value.Replace("\0", "\\0", StringComparison.Ordinal)}\": contains NUL");
        }

        var length = Encoding.UTF8.GetByteCount(value);
        var memory = Allocate(length + 1);
        Encoding.UTF8.GetBytes(value, new Span<byte>(memory, length));
        return (nint)memory;
    }

    /// <summary>A copy of raw bytes.</summary>
    public nint Bytes(ReadOnlySpan<byte> value)
    {
        var memory = Allocate(value.Length);
        value.CopyTo(new Span<byte>(memory, value.Length));
        return (nint)memory;
    }

    /// <summary>A NULL-terminated array of strings, as execve(2) takes.</summary>
    public nint TextArray(IReadOnlyList<string> values)
    {
        var array = (nint*)Allocate((values.Count + 1) * sizeof(nint));
        for (var i = 0; i < values.Count; i++)
        {
            array[i] = Text(values[i]);
        }

        return (nint)array;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var chunk in _chunks)
        {
            NativeMemory.Free((void*)chunk);
        }

        _chunks.Clear();
        _left = 0;
    }
}
