using System.Runtime.InteropServices;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Cgroups;

/// <summary>
/// Device rules of a cgroup2 group as an eBPF program (bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE; cgroup-v2.rst, "Device controller").
/// </summary>
internal static unsafe class DeviceProgram
{
    private const int LoadTries = 5;
    private const int LoadCommand = 5;
    private const int AttachCommand = 8;
    private const int DetachCommand = 9;
    private const int OpenByIdCommand = 13;
    private const int QueryCommand = 16;
    private const int CgroupDeviceType = 15;
    private const int CgroupDeviceAttach = 6;
    private const int AllowMultiple = 2;
    private const int ReplaceOne = 4;
    private const int MostPrograms = 64;

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
        Kernel.Check(Attach(group, program, null), "attach device program to", directory);
    }

    /// <summary>
    /// Puts the program in the place of those the group has. One is exchanged in a single step; where there are several (systemd's and a
    /// runtime's), or the kernel is older than 5.6, the new one is added before the old ones go: a device needs the consent of all, so
    /// nothing is allowed meanwhile that either list forbids.
    /// </summary>
    /// <param name="rules">Rules; when they allow all, the group keeps no program.</param>
    /// <param name="directory">The group's directory.</param>
    /// <inheritdoc cref="Attach(DeviceRuleSet, string)"/>
    public static void Replace(DeviceRuleSet rules, string directory)
    {
        using var group = FileDescriptor.Open(directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        var old = Attached(group, directory);
        try
        {
            if (!rules.AllowsAll)
            {
                using var program = Load(Assemble(rules));
                if (old.Count == 1 && Attach(group, program, old[0]) >= 0)
                {
                    return;
                }

                Kernel.Check(Attach(group, program, null), "attach device program to", directory);
            }

            var attributes = stackalloc int[3] { group.Number, 0, CgroupDeviceAttach };
            foreach (var program in old)
            {
                attributes[1] = program.Number;
                Kernel.Check(Kernel.Call(SystemCall.Bpf, DetachCommand, (nint)attributes, 12), "detach device program from", directory);
            }
        }
        finally
        {
            foreach (var program in old)
            {
                program.Dispose();
            }
        }
    }

    // union bpf_attr for BPF_PROG_ATTACH: target, program, type, flags, replaced program.
    private static nint Attach(FileDescriptor group, FileDescriptor program, FileDescriptor? replaced)
    {
        var attributes = stackalloc int[5]
        {
            group.Number, program.Number, CgroupDeviceAttach, replaced is null ? AllowMultiple : AllowMultiple | ReplaceOne, replaced?.Number ?? 0,
        };
        return Kernel.Call(SystemCall.Bpf, AttachCommand, (nint)attributes, 20);
    }

    private static List<FileDescriptor> Attached(FileDescriptor group, string directory)
    {
        // union bpf_attr for BPF_PROG_QUERY: target, type, query flags, attach flags (out), ids (pointer), count (in and out), padding.
        var ids = stackalloc int[MostPrograms];
        var query = stackalloc long[4];
        query[0] = (uint)group.Number | ((long)CgroupDeviceAttach << 32);
        query[1] = 0;
        query[2] = (nint)ids;
        query[3] = MostPrograms;
        Kernel.Check(Kernel.Call(SystemCall.Bpf, QueryCommand, (nint)query, 32), "list device programs of", directory);
        var programs = new List<FileDescriptor>((int)query[3]);
        var attributes = stackalloc int[3] { 0, 0, 0 };
        for (var index = 0; index < (int)query[3]; index++)
        {
            attributes[0] = ids[index];
            var result = Kernel.Call(SystemCall.Bpf, OpenByIdCommand, (nint)attributes, 12);

            // ENOENT: detached since.
            if (result != -(int)Errno.ENOENT)
            {
                programs.Add(new((int)Kernel.Check(result, "open device program of", directory)));
            }
        }

        return programs;
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
            nint result;
            var tries = LoadTries;
            do
            {
                // The verifier gives up when a signal is pending, and wants to be asked again (bpf_check() in kernel/bpf/verifier.c).
                result = Kernel.Call(SystemCall.Bpf, LoadCommand, (nint)attributes, 48);
            }
            while (result == -(int)Errno.EAGAIN && --tries > 0);

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
