using System.Runtime.InteropServices;
using Sampan.Linux;

namespace Sampan.Images.Compression;

/// <summary>Decompresses zstd frames, one after another (RFC 8878). Memory is bounded by the largest window accepted.</summary>
internal sealed unsafe class ZstandardStream : ReadOnlyStream
{
    // 128 MiB, what the zstd program accepts by default: a frame may ask for 4 TiB.
    private const int LargestWindowLog = 27;
    private readonly Stream _source;
    private readonly byte[] _input = new byte[128 << 10];
    private nint _context;
    private int _start;
    private int _end;
    private bool _betweenFrames = true;
    private bool _moreInside;

    public ZstandardStream(Stream source)
    {
        _source = source;
        _context = Zstandard.CreateContext();
        if (_context == 0)
        {
            throw new LinuxException(Errno.ENOMEM, "start zstd", "");
        }

        Zstandard.SetParameter(_context, Zstandard.WindowLogMax, LargestWindowLog);
    }

    /// <summary>The first bytes are those of a data frame or a skippable frame.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> magic) =>
        magic.Length >= 4 &&
        ((magic[0] == 0x28 && magic[1] == 0xb5 && magic[2] == 0x2f && magic[3] == 0xfd) ||
         ((magic[0] & 0xf0) == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d && magic[3] == 0x18));

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        while (!buffer.IsEmpty)
        {
            if (_start == _end && !_moreInside)
            {
                _start = 0;
                _end = _source.Read(_input);
                if (_end == 0)
                {
                    return _betweenFrames ? 0 : throw SampanException.InvalidArgument("zstd: unexpected end of compressed data");
                }
            }

            fixed (byte* source = _input)
            fixed (byte* destination = buffer)
            {
                var input = new Zstandard.InBuffer { Source = source + _start, Size = (nuint)(_end - _start) };
                var output = new Zstandard.OutBuffer { Destination = destination, Size = (nuint)buffer.Length };
                var hint = Zstandard.Decompress(_context, &output, &input);
                if (Zstandard.IsError(hint) != 0)
                {
                    var reason = Marshal.PtrToStringUTF8((nint)Zstandard.ErrorName(hint));
                    throw SampanException.InvalidArgument($"zstd: {reason}");
                }

                _betweenFrames = hint == 0;

                // A full output buffer may have left decoded bytes behind in the decoder, even when all input is consumed.
                _moreInside = hint != 0 && output.Position == output.Size;
                _start += (int)input.Position;
                if (output.Position > 0)
                {
                    return (int)output.Position;
                }
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (_context != 0)
        {
            Zstandard.FreeContext(_context);
            _context = 0;
        }

        base.Dispose(disposing);
    }
}
