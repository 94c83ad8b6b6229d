using System.Buffers.Binary;
using System.Text;

namespace Sampan.Runtime.Plans;

/// <summary>The few fields of an ELF header that explain why a binary does not run (elf(5)).</summary>
internal static class ElfHeader
{
    private const int ProgramHeaderInterpreter = 3;

    /// <summary>The machine a binary was built for, as <c>uname -m</c> and file(1) call it; null when it is not ELF.</summary>
    public static string? MachineName(ReadOnlySpan<byte> head)
    {
        if (head.Length < 20 || !head.StartsWith("\u007fELF"u8))
        {
            return null;
        }

        var littleEndian = head[5] == 1;
        var machine = littleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(head[18..])
            : BinaryPrimitives.ReadUInt16BigEndian(head[18..]);
        return machine switch
        {
            3 => "i386",
            8 => "mips",
            20 => "powerpc",
            21 => littleEndian ? "ppc64le" : "ppc64",
            22 => "s390x",
            40 => "arm",
            62 => "x86-64",
            183 => "aarch64",
            243 => "riscv64",
            258 => "loongarch64",
            _ => $"ELF machine {machine}",
        };
    }

    /// <summary>The path of PT_INTERP of a 64-bit little-endian binary; null when there is none within the bytes at hand.</summary>
    public static string? Interpreter(ReadOnlySpan<byte> head)
    {
        if (head.Length < 64 || !head.StartsWith("\u007fELF"u8) || head[4] != 2 || head[5] != 1)
        {
            return null;
        }

        var offset = (long)BinaryPrimitives.ReadUInt64LittleEndian(head[32..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(head[54..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(head[56..]);
        for (var i = 0; i < count; i++)
        {
            var at = offset + ((long)i * size);
            if (size < 56 || at < 0 || at + size > head.Length)
            {
                return null;
            }

            var header = head.Slice((int)at, size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != ProgramHeaderInterpreter)
            {
                continue;
            }

            var start = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
            return start + length > (ulong)head.Length || length == 0
                ? null
                : Encoding.UTF8.GetString(head.Slice((int)start, (int)length).TrimEnd((byte)0));
        }

        return null;
    }
}
