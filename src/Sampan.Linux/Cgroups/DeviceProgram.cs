using System.Runtime.InteropServices;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Cgroups;

/// <summary>
/// Device rules of a cgroup2 group as an eBPF program (bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE; cgroup-v2.rst, "Device controller").
/// </summary>
internal static unsafe class DeviceProgram
{
    private const int LoadCommand = 5;
    private const int AttachCommand = 8;
    private const int CgroupDeviceType = 15;
    private const int CgroupDeviceAttach = 6;
    private const int AllowMultiple = 2;

    // r1 is the context struct bpf_cgroup_dev_ctx { u32 access_type; u32 major; u32 minor; }, access in the upper half of the first word.
    private const byte Scratch = 1;
    private const byte Type = 2;
    private const byte Access = 3;
    private const byte Major = 4;
    private const byte Minor = 5;

    /// <summary>Assembles the program.</summary>
    /// <param name="rules">Rules.</param>
    /// <returns>Instructions, eight bytes each (linux/bpf.h, struct bpf_insn).</returns>
    public static ulong[] Assemble(DeviceRuleSet rules)
    {
        var program = new List<ulong>
        {
            BpfInstruction.LoadWord(Type, Scratch, 0),
            BpfInstruction.And(Type, 0xFFFF),
            BpfInstruction.LoadWord(Access, Scratch, 0),
            BpfInstruction.ShiftRight(Access, 16),
            BpfInstruction.LoadWord(Major, Scratch, 4),
            BpfInstruction.LoadWord(Minor, Scratch, 8),
        };
        foreach (var rule in rules.Exceptions)
        {
            AppendRule(program, rule);
        }

        program.Add(BpfInstruction.Move(0, rules.AllowByDefault ? 1 : 0));
        program.Add(BpfInstruction.Exit);
        return [.. program];
    }

    /// <summary>Loads and attaches the program; it lives as long as the group.</summary>
    /// <param name="rules">Rules.</param>
    /// <param name="directory">The group's directory.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: the kernel has no bpf(2), or it is not permitted.</exception>
    /// <exception cref="LinuxException">The verifier or the attachment refused.</exception>
    public static void Attach(DeviceRuleSet rules, string directory)
    {
        using var program = Load(Assemble(rules));
        using var group = FileDescriptor.Open(directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        var attributes = stackalloc int[4] { group.Number, program.Number, CgroupDeviceAttach, AllowMultiple };
        Kernel.Check(Kernel.Call(SystemCall.Bpf, AttachCommand, (nint)attributes, 16), "attach device program to", directory);
    }

    /// <summary>Hands the program to the kernel's verifier.</summary>
    /// <param name="instructions">The program.</param>
    /// <returns>The loaded program.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: the kernel has no bpf(2), or it is not permitted.</exception>
    /// <exception cref="LinuxException">The verifier refused.</exception>
    public static FileDescriptor Load(ulong[] instructions)
    {
        fixed (ulong* code = instructions)
        fixed (byte* license = "Apache-2.0\0"u8)
        {
            // union bpf_attr for BPF_PROG_LOAD: type, count, code, license; the rest of its 48 bytes is zero.
            var attributes = stackalloc ulong[6];
            attributes[0] = CgroupDeviceType | ((ulong)instructions.Length << 32);
            attributes[1] = (ulong)code;
            attributes[2] = (ulong)license;
            var result = Kernel.Call(SystemCall.Bpf, LoadCommand, (nint)attributes, 48);
            return result is -(int)Errno.EPERM or -(int)Errno.ENOSYS
                ? throw SampanException.Unavailable("cannot limit devices: the kernel does not let this process load a BPF program; run as root, or use --privileged")
                : new((int)Kernel.Check(result, "load device program"));
        }
    }

    private static void AppendRule(List<ulong> program, DeviceRule rule)
    {
        // Conditions of one rule; each jumps over the rest of the block when it does not hold.
        var block = new List<ulong>(8);
        block.Add(BpfInstruction.JumpIfNotEqual(Type, rule.Type == 'b' ? 1 : 2));
        if (rule.Access != DeviceAccess.All)
        {
            // An allowing rule must cover all that is asked; a refusing one matches when any of it is asked.
            block.Add(BpfInstruction.MoveRegister(Scratch, Access));
            block.Add(BpfInstruction.And(Scratch, (int)rule.Access));
            block.Add(rule.Allow ? BpfInstruction.JumpIfRegistersDiffer(Scratch, Access) : BpfInstruction.JumpIfEqual(Scratch, 0));
        }

        if (rule.Major is { } major)
        {
            block.Add(BpfInstruction.JumpIfNotEqual(Major, (int)major));
        }

        if (rule.Minor is { } minor)
        {
            block.Add(BpfInstruction.JumpIfNotEqual(Minor, (int)minor));
        }

        block.Add(BpfInstruction.Move(0, rule.Allow ? 1 : 0));
        block.Add(BpfInstruction.Exit);
        var instructions = CollectionsMarshal.AsSpan(block);
        for (var index = 0; index < instructions.Length; index++)
        {
            program.Add(BpfInstruction.WithJumpTo(instructions[index], instructions.Length - index - 1));
        }
    }
}
