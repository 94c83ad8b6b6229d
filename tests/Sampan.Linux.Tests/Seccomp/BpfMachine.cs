using System.Buffers.Binary;

namespace Sampan.Linux.Tests.Seccomp;

/// <summary>Runs classic BPF over a struct seccomp_data: what the kernel would answer, without installing a filter.</summary>
internal static class BpfMachine
{
    public static uint Run(byte[] program, uint architecture, int number, params ulong[] arguments)
    {
        Span<byte> data = stackalloc byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (var index = 0; index < arguments.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + (8 * index))..], arguments[index]);
        }

        var accumulator = 0u;
        for (var counter = 0; ; counter++)
        {
            var instruction = program.AsSpan(counter * 8, 8);
            var code = BinaryPrimitives.ReadUInt16LittleEndian(instruction);
            var constant = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (code)
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)constant..]);
                    break;
                case 0x06:
                    return constant;
                case 0x05:
                    counter += (int)constant;
                    break;
                case 0x54:
                    accumulator &= constant;
                    break;
                default:
                    var holds = code switch
                    {
                        0x15 => accumulator == constant,
                        0x25 => accumulator > constant,
                        0x35 => accumulator >= constant,
                        0x45 => (accumulator & constant) != 0,
                        _ => throw new InvalidOperationException($"instruction 0x{code:x}"),
                    };
                    counter += holds ? instruction[2] : instruction[3];
                    break;
            }
        }
    }
}
