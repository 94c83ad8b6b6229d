using System.Runtime.InteropServices;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Seccomp;

/// <summary>Compiles a policy to the BPF that seccomp(2) takes. Takes milliseconds: callers cache the result.</summary>
public static unsafe class SeccompCompiler
{
    /// <summary>BPF_MAXINSNS: what the kernel takes at most (bpf_common.h).</summary>
    private const int MostInstructions = 4096;

    /// <summary>Compiles.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>An array of struct sock_filter, eight bytes each.</returns>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.InvalidArgument"/>: libseccomp refuses an architecture or a rule, or the filter is too long for the kernel.
    /// </exception>
    public static byte[] Compile(SeccompPolicy policy)
    {
        var context = LibSeccomp.Initialize(policy.DefaultAction);
        if (context == 0)
        {
            throw SampanException.InvalidArgument($"seccomp: libseccomp does not take default action 0x{policy.DefaultAction:x8}");
        }

        try
        {
            SetArchitectures(context, policy.Architectures);

            // Before libseccomp 2.5 there is no such attribute; the filter is then slower, not wrong.
            _ = LibSeccomp.SetAttribute(context, LibSeccomp.OptimizeAttribute, LibSeccomp.BinaryTree);
            foreach (var rule in policy.Rules)
            {
                AddRule(context, policy, rule);
            }

            return Export(context, Prologue(policy).Assemble());
        }
        finally
        {
            LibSeccomp.Release(context);
        }
    }

    private static void SetArchitectures(nint context, IReadOnlyList<uint> architectures)
    {
        var native = LibSeccomp.NativeArchitecture();
        foreach (var architecture in architectures)
        {
            if (architecture != native)
            {
                Check(LibSeccomp.AddArchitecture(context, architecture), $"architecture 0x{architecture:x8}");
            }
        }
    }

    private static void AddRule(nint context, SeccompPolicy policy, SeccompRule rule)
    {
        // libseccomp refuses a rule that says what the default says.
        if (rule.Action == policy.DefaultAction)
        {
            return;
        }

        var count = rule.Arguments.Count;
        var comparisons = stackalloc LibSeccomp.Comparison[Math.Max(1, count)];
        var alternatives = false;
        var seen = 0u;
        for (var index = 0; index < count; index++)
        {
            var argument = rule.Arguments[index];
            if (argument.Index > 5)
            {
                throw SampanException.InvalidArgument($"seccomp: argument {argument.Index} of {string.Join(',', rule.Names)}: a call has arguments 0 to 5");
            }

            comparisons[index] = new()
            {
                Argument = argument.Index,
                Operator = (int)argument.Operator,
                First = argument.Value,
                Second = argument.MaskedValue,
            };
            alternatives |= (seen & (1u << (int)argument.Index)) != 0;
            seen |= 1u << (int)argument.Index;
        }

        foreach (var name in rule.Names)
        {
            using var native = Kernel.Native(name);
            var number = LibSeccomp.ResolveName(native);
            if (number == -1)
            {
                continue;
            }

            for (var index = 0; index < (alternatives ? count : 1); index++)
            {
                Check(
                    LibSeccomp.AddRule(context, rule.Action, number, alternatives ? 1 : (uint)count, comparisons + index),
                    $"rule for {name}");
            }
        }
    }

    private static SeccompPrologue Prologue(SeccompPolicy policy)
    {
        var prologue = new SeccompPrologue();
        if (policy.DefaultAction is SeccompAction.Allow or SeccompAction.Log)
        {
            return prologue;
        }

        var all = new List<uint>(policy.Architectures);
        if (!all.Contains(LibSeccomp.NativeArchitecture()))
        {
            all.Add(LibSeccomp.NativeArchitecture());
        }

        foreach (var architecture in all)
        {
            if (architecture == SeccompArchitecture.X32)
            {
                continue;
            }

            var newest = 0;
            var answers = new List<(int Number, uint Action)>();
            foreach (var rule in policy.Rules)
            {
                foreach (var name in rule.Names)
                {
                    newest = Math.Max(newest, Learn(rule, name, architecture, answers));
                }
            }

            prologue.Add(architecture, newest, answers);
        }

        return prologue;
    }

    private static int Learn(SeccompRule rule, string name, uint architecture, List<(int Number, uint Action)> answers)
    {
        using var native = Kernel.Native(name);
        var number = LibSeccomp.ResolveNameOn(architecture, native);
        if (number != -1)
        {
            // Negative: a name of another architecture.
            return number;
        }

        // A recent call with conditions is left to the default: the prologue compares no arguments.
        number = RecentSystemCalls.Find(name, architecture);
        if (number >= 0 && rule.Arguments.Count == 0)
        {
            answers.Add((number, rule.Action));
        }

        return number;
    }

    private static byte[] Export(nint context, ulong[] prologue)
    {
        using var name = Kernel.Native("seccomp");
        using var memory = new FileDescriptor((int)Kernel.Check(Kernel.Call(SystemCall.MemfdCreate, name, 1), "memfd_create"));
        Check(LibSeccomp.ExportBpf(context, memory.Number), "export");
        Kernel.Check(Kernel.Call(SystemCall.Lseek, memory.Number, 0, 0), "lseek");
        var filter = memory.ReadToEnd();
        var program = new byte[(prologue.Length * 8) + filter.Length];
        MemoryMarshal.AsBytes<ulong>(prologue).CopyTo(program);
        filter.CopyTo(program, prologue.Length * 8);
        return program.Length / 8 <= MostInstructions
            ? program
            : throw SampanException.InvalidArgument(
                $"seccomp: the policy compiles to {program.Length / 8} instructions, the kernel takes {MostInstructions}: name fewer calls");
    }

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw new SampanException(
                ErrorKind.InvalidArgument,
                $"seccomp: libseccomp refuses {what}: {ErrnoText.Describe((Errno)(-result))}",
                new LinuxException((Errno)(-result), "seccomp", what));
        }
    }
}
