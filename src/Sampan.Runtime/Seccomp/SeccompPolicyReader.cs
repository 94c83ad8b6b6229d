using Sampan.Linux;
using Sampan.Linux.Seccomp;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Seccomp;

/// <summary>Reads the seccomp section of an OCI document (config-linux.md, "Seccomp").</summary>
public static class SeccompPolicyReader
{
    /// <summary>Architectures the specification knows and no machine this runs on has.</summary>
    private static readonly string[] Elsewhere =
    [
        "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32",
        "SCMP_ARCH_PPC", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64",
        "SCMP_ARCH_RISCV64", "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB",
    ];

    /// <summary>Translates names into the kernel's numbers.</summary>
    /// <param name="document">The section.</param>
    /// <returns>A policy to compile.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an unknown action, architecture or operator.</exception>
    public static SeccompPolicy Read(RuntimeSeccomp document)
    {
        var rules = new List<SeccompRule>(document.Syscalls?.Count ?? 0);
        for (var index = 0; index < (document.Syscalls?.Count ?? 0); index++)
        {
            var rule = document.Syscalls![index];
            if (rule.Names.Count == 0)
            {
                throw SampanException.InvalidArgument($"seccomp: rule {index} names no system call (config-linux.md, \"Seccomp\")");
            }

            rules.Add(new(rule.Names, Action(rule.Action, rule.ErrnoRet), Arguments(rule.Args)));
        }

        return new(Action(document.DefaultAction, document.DefaultErrnoRet), Architectures(document.Architectures), rules);
    }

    private static List<uint> Architectures(IReadOnlyList<string>? names)
    {
        var architectures = new List<uint>();
        for (var index = 0; index < (names?.Count ?? 0); index++)
        {
            var architecture = names![index] switch
            {
                "SCMP_ARCH_X86_64" => SeccompArchitecture.X86_64,
                "SCMP_ARCH_X86" => SeccompArchitecture.X86,
                "SCMP_ARCH_X32" => SeccompArchitecture.X32,
                "SCMP_ARCH_AARCH64" => SeccompArchitecture.Aarch64,
                "SCMP_ARCH_ARM" => SeccompArchitecture.Arm,
                var name when Array.IndexOf(Elsewhere, name) >= 0 => 0u,
                var name => throw SampanException.InvalidArgument($"seccomp: unknown architecture \"{name}\" (config-linux.md, \"Seccomp\")"),
            };

            // No process here can ever make a call of another machine's, so rules for it would only make the filter longer.
            foreach (var native in SeccompArchitecture.NativeFamily)
            {
                if (native == architecture)
                {
                    architectures.Add(architecture);
                }
            }
        }

        return architectures;
    }

    private static uint Action(string name, uint? errno) => name switch
    {
        "SCMP_ACT_ALLOW" => SeccompAction.Allow,
        "SCMP_ACT_ERRNO" => SeccompAction.Error((Errno)(int)(errno ?? (uint)Errno.EPERM)),
        "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => SeccompAction.KillThread,
        "SCMP_ACT_KILL_PROCESS" => SeccompAction.KillProcess,
        "SCMP_ACT_TRAP" => SeccompAction.Trap,
        "SCMP_ACT_TRACE" => SeccompAction.Trace(errno ?? (uint)Errno.EPERM),
        "SCMP_ACT_LOG" => SeccompAction.Log,
        "SCMP_ACT_NOTIFY" => SeccompAction.Notify,
        _ => throw SampanException.InvalidArgument($"seccomp: unknown action \"{name}\" (config-linux.md, \"Seccomp\")"),
    };

    private static List<SeccompArgument> Arguments(IReadOnlyList<RuntimeSyscallArgument>? comparisons)
    {
        var arguments = new List<SeccompArgument>(comparisons?.Count ?? 0);
        for (var index = 0; index < (comparisons?.Count ?? 0); index++)
        {
            var comparison = comparisons![index];
            arguments.Add(new(comparison.Index, Operator(comparison.Op), comparison.Value, comparison.ValueTwo));
        }

        return arguments;
    }

    private static SeccompOperator Operator(string name) => name switch
    {
        "SCMP_CMP_NE" => SeccompOperator.NotEqual,
        "SCMP_CMP_LT" => SeccompOperator.Less,
        "SCMP_CMP_LE" => SeccompOperator.LessOrEqual,
        "SCMP_CMP_EQ" => SeccompOperator.Equal,
        "SCMP_CMP_GE" => SeccompOperator.GreaterOrEqual,
        "SCMP_CMP_GT" => SeccompOperator.Greater,
        "SCMP_CMP_MASKED_EQ" => SeccompOperator.MaskedEqual,
        _ => throw SampanException.InvalidArgument($"seccomp: unknown comparison \"{name}\" (config-linux.md, \"Seccomp\")"),
    };
}
