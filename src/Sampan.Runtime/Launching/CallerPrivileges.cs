using Sampan.Linux.Capabilities;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Runtime.Launching;

/// <summary>What the calling process may do where it is, which decides how a container is made (rootless or not).</summary>
public static class CallerPrivileges
{
    private const int LongestMap = 4096;

    /// <summary>It may mount and enter namespaces where it is: CAP_SYS_ADMIN (capabilities(7)).</summary>
    public static bool CanAdminister { get; } = CapabilitySet.Effective().Contains(Capability.SysAdmin);

    /// <summary>Its rights are those over the host and not over a user namespace's own things only.</summary>
    public static bool AdministersHost => CanAdminister && !InUserNamespace;

    /// <summary>It is not root, or only the root of a user namespace: errors of control groups are to be expected (runc(8), --rootless auto).</summary>
    public static bool IsRootless => Kernel.Call(SystemCall.Geteuid) != 0 || InUserNamespace;

    // The first user namespace maps every id to itself (user_namespaces(7)).
    private static bool InUserNamespace { get; } = !IsWhole(FileTree.TryRead("/proc/self/uid_map", LongestMap));

    private static bool IsWhole(ReadOnlySpan<byte> map)
    {
        var text = System.Text.Encoding.ASCII.GetString(map).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return text is ["0", "0", "4294967295"];
    }
}
