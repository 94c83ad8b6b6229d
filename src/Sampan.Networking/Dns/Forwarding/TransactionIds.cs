using System.Buffers.Binary;
using Sampan.Linux;
using Sampan.Linux.Interop;

namespace Sampan.Networking.Dns.Forwarding;

/// <summary>Ids nobody can guess (RFC 5452, 9.2), from the kernel's random numbers, 32 at a time.</summary>
internal sealed unsafe class TransactionIds
{
    private readonly byte[] _block = new byte[64];
    private int _used = 64;

    /// <summary>Another one.</summary>
    /// <exception cref="LinuxException">getrandom(2) failed.</exception>
    public ushort Next()
    {
        if (_used == _block.Length)
        {
            fixed (byte* block = _block)
            {
                Kernel.Check(Kernel.Call(SystemCall.Getrandom, (nint)block, _block.Length, 0), "get random bytes");
            }

            _used = 0;
        }

        var id = BinaryPrimitives.ReadUInt16LittleEndian(_block.AsSpan(_used));
        _used += sizeof(ushort);
        return id;
    }
}
