using System.Text;
using System.Text.Json;
using Sampan.Json;
using Sampan.Oci.Runtime;

namespace Sampan.RuntimeCli.Specs;

/// <summary>The config.json of the spec command: what runc writes.</summary>
internal static class SpecTemplate
{
    private static readonly string[] Capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    /// <summary>Writes it.</summary>
    /// <param name="rootless">For a user without rights: a user namespace, no network namespace, the host's /sys.</param>
    /// <returns>JSON, indented with tabs.</returns>
    public static string Write(bool rootless)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new() { Indented = true, IndentCharacter = '\t', IndentSize = 1, Encoder = JsonTextEncoder.Instance }))
        {
            RuntimeJson.RuntimeSpec.Write(json, Make(rootless));
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static RuntimeSpec Make(bool rootless) => new()
    {
        OciVersion = "1.2.0",
        Process = new()
        {
            Terminal = true,
            User = new(),
            Args = ["sh"],
            Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            Cwd = "/",
            Capabilities = new() { Bounding = Capabilities, Effective = Capabilities, Permitted = Capabilities },
            Rlimits = [new() { Type = "RLIMIT_NOFILE", Hard = 1024, Soft = 1024 }],
            NoNewPrivileges = true,
        },
        Root = new() { Path = "rootfs", Readonly = true },
        Hostname = "sampan",
        Mounts =
        [
            new() { Destination = "/proc", Type = "proc", Source = "proc" },
            new() { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            new()
            {
                Destination = "/dev/pts", Type = "devpts", Source = "devpts",
                Options = rootless ? ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] : ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
            },
            new() { Destination = "/dev/shm", Type = "tmpfs", Source = "shm", Options = ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] },
            new() { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = ["nosuid", "noexec", "nodev"] },
            rootless
                ? new() { Destination = "/sys", Type = "none", Source = "/sys", Options = ["rbind", "nosuid", "noexec", "nodev", "ro"] }
                : new() { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = ["nosuid", "noexec", "nodev", "ro"] },
            new() { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = ["nosuid", "noexec", "nodev", "relatime", "ro"] },
        ],
        Linux = new()
        {
            UidMappings = rootless ? [new() { ContainerID = 0, HostID = Own("Uid"), Size = 1 }] : null,
            GidMappings = rootless ? [new() { ContainerID = 0, HostID = Own("Gid"), Size = 1 }] : null,
            Resources = rootless ? null : new() { Devices = [new() { Allow = false, Access = "rwm" }] },
            Namespaces = rootless
                ? [new() { Type = "pid" }, new() { Type = "ipc" }, new() { Type = "uts" }, new() { Type = "mount" }, new() { Type = "user" }, new() { Type = "cgroup" }]
                : [new() { Type = "pid" }, new() { Type = "network" }, new() { Type = "ipc" }, new() { Type = "uts" }, new() { Type = "mount" }, new() { Type = "cgroup" }],
            MaskedPaths =
            [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
                "/sys/firmware", "/proc/scsi",
            ],
            ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    };

    private static uint Own(string field)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(field + ":\t", StringComparison.Ordinal))
            {
                return uint.Parse(line.Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
