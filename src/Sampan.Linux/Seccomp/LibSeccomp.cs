using System.Runtime.InteropServices;

namespace Sampan.Linux.Seccomp;

/// <summary>The part of libseccomp that turns rules into BPF. Loading the filter is a step of the launch plan, not libseccomp's.</summary>
internal static unsafe partial class LibSeccomp
{
    /// <summary>SCMP_FLTATR_CTL_OPTIMIZE.</summary>
    public const int OptimizeAttribute = 8;

    /// <summary>SCMP_FLTATR_CTL_OPTIMIZE's binary tree: about nine comparisons a call instead of hundreds.</summary>
    public const uint BinaryTree = 2;

    private const string Library = "libseccomp";

    /// <summary>seccomp_init(3).</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_init")]
    public static partial nint Initialize(uint defaultAction);

    /// <summary>seccomp_release(3).</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_release")]
    public static partial void Release(nint context);

    /// <summary>seccomp_arch_add(3).</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_arch_add")]
    public static partial int AddArchitecture(nint context, uint architecture);

    /// <summary>seccomp_arch_native(3).</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_arch_native")]
    public static partial uint NativeArchitecture();

    /// <summary>seccomp_attr_set(3).</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_attr_set")]
    public static partial int SetAttribute(nint context, int attribute, uint value);

    /// <summary>seccomp_syscall_resolve_name(3).</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_syscall_resolve_name")]
    public static partial int ResolveName(nint name);

    /// <summary>seccomp_syscall_resolve_name_arch(3).</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_syscall_resolve_name_arch")]
    public static partial int ResolveNameOn(uint architecture, nint name);

    /// <summary>seccomp_rule_add_array(3).</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_rule_add_array")]
    public static partial int AddRule(nint context, uint action, int systemCall, uint count, Comparison* arguments);

    /// <summary>seccomp_export_bpf(3).</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_export_bpf")]
    public static partial int ExportBpf(nint context, int descriptor);

    /// <summary>struct scmp_arg_cmp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Comparison
    {
        /// <summary>Which argument.</summary>
        public uint Argument;

        /// <summary>enum scmp_compare.</summary>
        public int Operator;

        /// <summary>Value, or mask.</summary>
        public ulong First;

        /// <summary>Value under the mask.</summary>
        public ulong Second;
    }
}
