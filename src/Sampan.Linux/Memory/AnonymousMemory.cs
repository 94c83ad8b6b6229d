using Sampan.Linux.Interop;

namespace Sampan.Linux.Memory;

/// <summary>
/// A buffer of its own pages (mmap(2), MAP_ANONYMOUS), unknown to the garbage collector. It costs memory only while it holds something:
/// <see cref="Discard"/> gives the pages back and keeps the address.
/// </summary>
public sealed unsafe class AnonymousMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int DontNeed = 4;
    private readonly int _length;
    private byte* _address;

    /// <summary>Maps a buffer.</summary>
    /// <param name="length">Bytes; whole pages are mapped.</param>
    /// <exception cref="LinuxException">mmap(2) failed.</exception>
    public AnonymousMemory(int length)
    {
        _length = length;
        _address = (byte*)Kernel.Check(Kernel.Call(SystemCall.Mmap, 0, length, ReadWrite, PrivateAnonymous, -1), "map memory");
    }

    /// <summary>The buffer; zero where nothing was written since it was mapped or discarded. Not valid after dispose.</summary>
    public Span<byte> Span => new(_address, _length);

    /// <summary>Gives the pages back to the kernel (madvise(2), MADV_DONTNEED): the content is lost.</summary>
    public void Discard() => _ = Kernel.Call(SystemCall.Madvise, (nint)_address, _length, DontNeed);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_address != null)
        {
            _ = Kernel.Call(SystemCall.Munmap, (nint)_address, _length);
            _address = null;
        }
    }
}
