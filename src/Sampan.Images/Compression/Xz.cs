using System.Runtime.InteropServices;

namespace Sampan.Images.Compression;

/// <summary>The decoder of liblzma (lzma/base.h, lzma/container.h). Linked statically into the AOT binaries.</summary>
internal static unsafe partial class Xz
{
    /// <summary>LZMA_CONCATENATED: several streams, one after the other, are one file.</summary>
    public const uint Concatenated = 8;

    /// <summary>LZMA_RUN: more input may come.</summary>
    public const int Run = 0;

    /// <summary>LZMA_FINISH: no more input comes.</summary>
    public const int Finish = 3;

    /// <summary>LZMA_OK.</summary>
    public const int Okay = 0;

    /// <summary>LZMA_STREAM_END.</summary>
    public const int StreamEnd = 1;

    /// <summary>LZMA_MEMLIMIT_ERROR.</summary>
    public const int MemoryLimit = 6;

    /// <summary>LZMA_BUF_ERROR: the input is at its end and the stream is not.</summary>
    public const int NoProgress = 10;

    [LibraryImport("liblzma", EntryPoint = "lzma_stream_decoder")]
    public static partial int StartDecoder(State* state, ulong memoryLimit, uint flags);

    [LibraryImport("liblzma", EntryPoint = "lzma_code")]
    public static partial int Code(State* state, int action);

    [LibraryImport("liblzma", EntryPoint = "lzma_end")]
    public static partial void End(State* state);

    /// <summary>lzma_stream.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct State
    {
        public byte* NextIn;
        public nuint AvailableIn;
        public ulong TotalIn;
        public byte* NextOut;
        public nuint AvailableOut;
        public ulong TotalOut;
        public nint Allocator;
        public nint Internal;

        // What the library keeps for its future.
        private fixed ulong _reserved[9];
    }
}
