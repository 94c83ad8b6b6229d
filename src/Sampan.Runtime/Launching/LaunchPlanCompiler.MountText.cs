using System.Text;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class LaunchPlanCompiler
{
    private static string Purpose(string type) => type switch
    {
        "proc" => "process information of the container's pid namespace",
        "sysfs" => "devices and kernel objects, as the network namespace sees them",
        "tmpfs" => "files in memory",
        "devpts" => "the container's own pseudo terminals",
        "mqueue" => "POSIX message queues of the ipc namespace",
        _ => "file system",
    };

    private static string Describe(RuntimeMount mount) =>
        mount.Options is { Count: > 0 } options ? $"options {string.Join(',', options)}" : Purpose(mount.Type ?? "");

    private static string AttributeNames(ulong attributes)
    {
        var names = new StringBuilder();
        foreach (var (bit, name) in (ReadOnlySpan<(ulong, string)>)[
            (MountFlags.AttributeReadOnly, "ro"), (MountFlags.AttributeNoSuid, "nosuid"), (MountFlags.AttributeNoDev, "nodev"),
            (MountFlags.AttributeNoExec, "noexec"), (MountFlags.AttributeNoAtime, "noatime"), (MountFlags.AttributeStrictAtime, "strictatime"),
            (MountFlags.AttributeNoDirAtime, "nodiratime"), (MountFlags.AttributeNoSymFollow, "nosymfollow")])
        {
            if ((attributes & bit) != 0)
            {
                names.Append(names.Length == 0 ? "" : ",").Append(name);
            }
        }

        return names.ToString();
    }
}
