using System.Runtime.InteropServices;

namespace Sampan.Images.Compression;

/// <summary>The decoder of libbz2 (bzlib.h). Linked statically into the AOT binaries.</summary>
internal static unsafe partial class Bzip2
{
    /// <summary>BZ_OK.</summary>
    public const int Okay = 0;

    /// <summary>BZ_STREAM_END.</summary>
    public const int StreamEnd = 4;

    [LibraryImport("libbz2", EntryPoint = "BZ2_bzDecompressInit")]
    public static partial int StartDecoder(State* state, int verbosity, int small);

    [LibraryImport("libbz2", EntryPoint = "BZ2_bzDecompress")]
    public static partial int Decompress(State* state);

    [LibraryImport("libbz2", EntryPoint = "BZ2_bzDecompressEnd")]
    public static partial int End(State* state);

    /// <summary>bz_stream.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct State
    {
        public byte* NextIn;
        public uint AvailableIn;
        public uint TotalInLow;
        public uint TotalInHigh;
        public byte* NextOut;
        public uint AvailableOut;
        public uint TotalOutLow;
        public uint TotalOutHigh;
        public nint Internal;
        public nint Allocate;
        public nint Free;
        public nint Opaque;
    }
}
