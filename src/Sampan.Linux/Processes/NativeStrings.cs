using System.Runtime.InteropServices;
using System.Text;

namespace Sampan.Linux.Processes;

/// <summary>A null-terminated array of strings, as execve(2) takes them.</summary>
internal readonly unsafe ref struct NativeStrings
{
    /// <param name="values">The strings.</param>
    public NativeStrings(IReadOnlyList<string> values)
    {
        var size = (values.Count + 1) * sizeof(byte*);
        foreach (var value in values)
        {
            size += Encoding.UTF8.GetByteCount(value) + 1;
        }

        var block = (byte*)NativeMemory.Alloc((nuint)size);
        Pointers = (byte**)block;
        var next = block + ((values.Count + 1) * sizeof(byte*));
        for (var index = 0; index < values.Count; index++)
        {
            Pointers[index] = next;
            next += Encoding.UTF8.GetBytes(values[index], new Span<byte>(next, (int)(block + size - next)));
            *next++ = 0;
        }

        Pointers[values.Count] = null;
    }

    /// <summary>The array.</summary>
    public byte** Pointers { get; }

    /// <summary>Frees it.</summary>
    public void Dispose() => NativeMemory.Free(Pointers);
}
