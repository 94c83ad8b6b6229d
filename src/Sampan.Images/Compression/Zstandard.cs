using System.Runtime.InteropServices;

namespace Sampan.Images.Compression;

/// <summary>What is used of libzstd (zstd.h): streams in, blocks out. Linked statically into the AOT binaries.</summary>
internal static unsafe partial class Zstandard
{
    /// <summary>ZSTD_d_windowLogMax.</summary>
    public const int WindowLogMax = 100;

    [LibraryImport("libzstd", EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateContext();

    [LibraryImport("libzstd", EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeContext(nint context);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_DCtx_setParameter")]
    public static partial nuint SetParameter(nint context, int parameter, int value);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decompress(nint context, OutBuffer* output, InBuffer* input);

    /// <summary>ZSTD_c_checksumFlag.</summary>
    public const int ChecksumFlag = 201;

    [LibraryImport("libzstd", EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateCompressor();

    [LibraryImport("libzstd", EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCompressor(nint context);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nuint SetCompression(nint context, int parameter, int value);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_compressBound")]
    public static partial nuint CompressBound(nuint size);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_compress2")]
    public static partial nuint Compress(nint context, byte* destination, nuint capacity, byte* source, nuint size);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_isError")]
    public static partial uint IsError(nuint code);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_getErrorName")]
    public static partial byte* ErrorName(nuint code);

    /// <summary>ZSTD_inBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct InBuffer
    {
        public byte* Source;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OutBuffer
    {
        public byte* Destination;
        public nuint Size;
        public nuint Position;
    }
}
