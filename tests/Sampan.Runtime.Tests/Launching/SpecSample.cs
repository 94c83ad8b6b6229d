using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Tests.Launching;

/// <summary>A small specification that tests change one thing of.</summary>
internal static class SpecSample
{
    private static readonly string[] Capabilities = ["CAP_CHOWN", "CAP_KILL"];

    public static RuntimeSpec Spec => new()
    {
        Hostname = "box",
        Process = new()
        {
            Args = ["sh", "-c", "true"],
            Env = ["PATH=/usr/bin:/bin"],
            Cwd = "/work",
            OomScoreAdj = 0,
            NoNewPrivileges = true,
            User = new() { Uid = 1000, Gid = 1000, AdditionalGids = [20] },
            Capabilities = new() { Bounding = Capabilities, Permitted = Capabilities, Effective = Capabilities },
            Rlimits = [new() { Type = "RLIMIT_NOFILE", Soft = 1024, Hard = ulong.MaxValue }],
        },
        Root = new() { Readonly = true },
        Mounts =
        [
            new() { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "noexec", "nodev"] },
            new() { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755"] },
            new() { Destination = "/data", Type = "bind", Source = "/srv/data", Options = ["rbind", "ro", "rprivate"] },
        ],
        Linux = new()
        {
            Namespaces = [new() { Type = "mount" }, new() { Type = "pid" }, new() { Type = "network" }, new() { Type = "uts" }, new() { Type = "cgroup" }],
            Sysctl = new Dictionary<string, string>(StringComparer.Ordinal) { ["net.ipv4.ip_forward"] = "1" },
            MaskedPaths = ["/proc/kcore"],
            ReadonlyPaths = ["/proc/sys"],
        },
    };

    public static LaunchRequest Request(RuntimeSpec spec) => new()
    {
        Id = "c1",
        Spec = spec,
        Root = new RootFilesystem.Overlay(["/l/base", "/l/app"], "/c/upper", "/c/work", "/c/rootfs"),
        Cgroup = new() { JoinFiles = ["/sys/fs/cgroup/memory/sampan/c1/tasks"] },
        SeccompFilter = new byte[16],
    };
}
