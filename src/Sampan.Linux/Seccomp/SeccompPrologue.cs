using System.Runtime.InteropServices;

namespace Sampan.Linux.Seccomp;

/// <summary>
/// What runs before libseccomp's filter: calls newer than libseccomp knows, and ENOSYS for those newer than the policy knows. A C library
/// tries new calls and falls back on ENOSYS; the policy's EPERM would look like a refusal (the reason runc prepends such a stub too).
/// Classic BPF, struct sock_filter (seccomp(2); linux/filter.h): 16-bit code, two 8-bit jumps, 32-bit constant.
/// </summary>
internal sealed class SeccompPrologue
{
    private const ushort LoadWord = 0x20;
    private const ushort JumpEqual = 0x15;
    private const ushort JumpGreater = 0x25;
    private const ushort JumpGreaterOrEqual = 0x35;
    private const ushort JumpAlways = 0x05;
    private const ushort Return = 0x06;
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;

    /// <summary>__X32_SYSCALL_BIT.</summary>
    private const uint X32Bit = 0x4000_0000;

    private readonly List<Block> _blocks = [];

    /// <summary>Adds what is to be known of an architecture.</summary>
    /// <param name="architecture">Its audit number.</param>
    /// <param name="newest">The highest number the policy names there.</param>
    /// <param name="answers">Recent calls and what is answered.</param>
    public void Add(uint architecture, int newest, List<(int Number, uint Action)> answers) => _blocks.Add(new(architecture, newest, answers));

    /// <summary>Assembles the program.</summary>
    /// <returns>Instructions; the filter follows right behind and is reached by falling off the end.</returns>
    public ulong[] Assemble()
    {
        if (_blocks.Count == 0)
        {
            return [];
        }

        var first = int.MaxValue;
        var length = 3;
        foreach (var block in _blocks)
        {
            first = Math.Min(first, block.First);
            length += block.Length;
        }

        // Nearly all calls are old: two instructions and on to the filter.
        var program = new List<ulong>(length)
        {
            Encode(LoadWord, 0, 0, NumberOffset),
            Encode(JumpGreaterOrEqual, 0, checked((byte)(length - 2)), (uint)first),
            Encode(LoadWord, 0, 0, ArchitectureOffset),
        };
        foreach (var block in _blocks)
        {
            // Another architecture: its block is next, with the architecture still loaded.
            program.Add(Encode(JumpEqual, 0, checked((byte)(block.Length - 1)), block.Architecture));
            program.Add(Encode(LoadWord, 0, 0, NumberOffset));
            var toFilter = checked((byte)(length - program.Count - 1));
            program.Add(Encode(JumpGreaterOrEqual, toFilter, 0, X32Bit));
            program.Add(Encode(JumpGreater, 0, 1, (uint)block.Newest));
            program.Add(Encode(Return, 0, 0, SeccompAction.Error(Errno.ENOSYS)));
            foreach (var (number, action) in block.Answers)
            {
                program.Add(Encode(JumpEqual, 0, 1, (uint)number));
                program.Add(Encode(Return, 0, 0, action));
            }

            program.Add(Encode(JumpAlways, 0, 0, (uint)(length - program.Count - 1)));
        }

        return [.. program];
    }

    private static ulong Encode(ushort code, byte ifTrue, byte ifFalse, uint constant) =>
        code | ((ulong)ifTrue << 16) | ((ulong)ifFalse << 24) | ((ulong)constant << 32);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Block(uint Architecture, int Newest, List<(int Number, uint Action)> Answers)
    {
        public int Length => 6 + (Answers.Count * 2);

        public int First
        {
            get
            {
                var first = Newest + 1;
                foreach (var (number, _) in Answers)
                {
                    first = Math.Min(first, number);
                }

                return first;
            }
        }
    }
}
