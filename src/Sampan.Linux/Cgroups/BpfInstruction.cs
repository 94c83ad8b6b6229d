namespace Sampan.Linux.Cgroups;

/// <summary>The dozen eBPF instructions a device program is made of (RFC 9669; kernel documentation, bpf/standardization/instruction-set.rst).</summary>
internal static class BpfInstruction
{
    private const byte JumpClass = 0x05;
    private const byte Jump32Class = 0x06;

    /// <summary>exit: the answer is in r0.</summary>
    public static ulong Exit => Encode(0x95, 0, 0, 0, 0);

    /// <summary>destination = *(u32*)(source + offset).</summary>
    public static ulong LoadWord(byte destination, byte source, short offset) => Encode(0x61, destination, source, offset, 0);

    /// <summary>32-bit destination &amp;= value.</summary>
    public static ulong And(byte destination, int value) => Encode(0x54, destination, 0, 0, value);

    /// <summary>32-bit destination >>= value.</summary>
    public static ulong ShiftRight(byte destination, int value) => Encode(0x74, destination, 0, 0, value);

    /// <summary>destination = value.</summary>
    public static ulong Move(byte destination, int value) => Encode(0xB7, destination, 0, 0, value);

    /// <summary>32-bit destination = source.</summary>
    public static ulong MoveRegister(byte destination, byte source) => Encode(0xBC, destination, source, 0, 0);

    /// <summary>Jump when the 32-bit register is not the value; the distance is set by <see cref="WithJumpTo"/>.</summary>
    public static ulong JumpIfNotEqual(byte register, int value) => Encode(0x50 | Jump32Class, register, 0, 0, value);

    /// <summary>Jump when the 32-bit register is the value.</summary>
    public static ulong JumpIfEqual(byte register, int value) => Encode(0x10 | Jump32Class, register, 0, 0, value);

    /// <summary>Jump when two registers differ.</summary>
    public static ulong JumpIfRegistersDiffer(byte left, byte right) => Encode(0x58 | JumpClass, left, right, 0, 0);

    /// <summary>Sets the distance of a conditional jump; other instructions come back as they are.</summary>
    /// <param name="instruction">An instruction of this class.</param>
    /// <param name="distance">Instructions to skip.</param>
    /// <returns>The instruction.</returns>
    public static ulong WithJumpTo(ulong instruction, int distance)
    {
        var operation = (byte)instruction;
        var jumps = (operation & 7) is JumpClass or Jump32Class && operation != 0x95;
        return jumps ? instruction | ((ulong)(ushort)distance << 16) : instruction;
    }

    private static ulong Encode(byte operation, byte destination, byte source, short offset, int value) =>
        operation | ((ulong)destination << 8) | ((ulong)source << 12) | ((ulong)(ushort)offset << 16) | ((ulong)(uint)value << 32);
}
