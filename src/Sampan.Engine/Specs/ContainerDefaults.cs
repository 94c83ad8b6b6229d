using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>What every container gets: docker's defaults as of Engine 28.</summary>
internal static class ContainerDefaults
{
    /// <summary>Where commands are looked for.</summary>
    public const string Path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Paths that cannot be written.</summary>
    public static readonly string[] ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    private static readonly string[] Masked =
    [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
    ];

    /// <summary>Mounts in the order they are made.</summary>
    /// <param name="shmSize">Bytes of /dev/shm.</param>
    /// <returns>The mounts.</returns>
    public static List<RuntimeMount> Mounts(long shmSize) =>
    [
        Mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
        Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
        Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
        Mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev"),
        Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", $"size={shmSize}"),
    ];

    /// <summary>Paths that cannot be read.</summary>
    /// <param name="host">The host.</param>
    /// <returns>The paths.</returns>
    public static IReadOnlyList<string> MaskedPaths(HostFacts host)
    {
        // Throttle counters tell about what other tenants do; only real processors have them.
        if (FileDescriptor.TryStatus("/sys/devices/system/cpu/cpu0/thermal_throttle") is null)
        {
            return Masked;
        }

        var paths = new List<string>(Masked);
        foreach (var cpu in CpuList.TryParse(host.Cpus) ?? [0])
        {
            paths.Add($"/sys/devices/system/cpu/cpu{cpu}/thermal_throttle");
        }

        return paths;
    }

    private static RuntimeMount Mount(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options };
}
