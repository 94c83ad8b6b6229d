using System.Runtime.InteropServices;
using Sampan.Linux;

namespace Sampan.Images.Compression;

/// <summary>Makes a zstd frame of each block: frames one after the other are one file (RFC 8878, 3.1).</summary>
internal sealed unsafe class ZstandardBlockCompressor : BlockCompressor
{
    /// <summary>Bytes of a block: the window of zstd's default level.</summary>
    public const int BlockSize = 2 << 20;

    private nint _context = Zstandard.CreateCompressor();

    public override int Compress(ReadOnlySpan<byte> input, ref byte[] output)
    {
        if (_context == 0)
        {
            throw new LinuxException(Errno.ENOMEM, "start zstd", "");
        }

        var needed = (int)Zstandard.CompressBound((nuint)input.Length);
        if (output.Length < needed)
        {
            output = new byte[needed];
        }

        fixed (byte* source = input)
        fixed (byte* destination = output)
        {
            Zstandard.SetCompression(_context, Zstandard.ChecksumFlag, 1);
            var length = Zstandard.Compress(_context, destination, (nuint)output.Length, source, (nuint)input.Length);
            return Zstandard.IsError(length) == 0
                ? (int)length
                : throw new LinuxException(Errno.ENOMEM, "compress with zstd", Marshal.PtrToStringUTF8((nint)Zstandard.ErrorName(length)) ?? "");
        }
    }

    public override void Dispose()
    {
        if (_context != 0)
        {
            Zstandard.FreeCompressor(_context);
            _context = 0;
        }
    }
}
