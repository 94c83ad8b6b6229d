using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime.Malformed;

/// <summary>A valid configuration that uses nearly every property there is: what hostile ones are made of.</summary>
internal static class FullConfiguration
{
    /// <summary>Makes one.</summary>
    /// <param name="rootfs">Path of the root filesystem.</param>
    /// <param name="source">A folder to be bind mounted.</param>
    /// <param name="cgroup">The control group.</param>
    public static JsonObject Make(string rootfs, string source, string cgroup)
    {
        var hook = """[{ "path": "/bin/true", "args": ["true"], "env": ["A=b"], "timeout": 5 }]""";
        return JsonNode.Parse($$"""
        {
          "ociVersion": "1.2.0",
          "process": {
            "terminal": false, "consoleSize": { "height": 24, "width": 80 }, "user": { "uid": 0, "gid": 0, "umask": 18, "additionalGids": [1, 2] },
            "args": ["/bin/true", "x"], "env": ["PATH=/bin", "A=b"], "cwd": "/tmp",
            "capabilities": { "bounding": ["CAP_KILL", "CAP_CHOWN"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"] },
            "rlimits": [{ "type": "RLIMIT_CORE", "soft": 0, "hard": 0 }], "noNewPrivileges": true, "oomScoreAdj": 10,
            "ioPriority": { "class": "IOPRIO_CLASS_BE", "priority": 4 }, "scheduler": { "policy": "SCHED_OTHER", "nice": 1, "priority": 0, "flags": [] },
            "execCPUAffinity": { "initial": "0", "final": "0" }
          },
          "root": { "path": "{{rootfs}}", "readonly": false },
          "hostname": "full", "domainname": "domain", "annotations": { "key": "value" },
          "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc" },
            { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            { "destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] },
            { "destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"] },
            { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] },
            { "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"] },
            { "destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup", "size=1m"] },
            { "destination": "/etc", "type": "bind", "source": "{{source}}", "options": ["rbind", "ro", "rprivate"] }
          ],
          "hooks": { "prestart": {{hook}}, "createRuntime": {{hook}}, "poststart": {{hook}}, "poststop": {{hook}} },
          "linux": {
            "cgroupsPath": "{{cgroup}}", "sysctl": { "kernel.msgmax": "4096" },
            "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }, { "type": "cgroup" }, { "type": "user" }, { "type": "time" }],
            "uidMappings": [{ "containerID": 0, "hostID": 100000, "size": 65536 }], "gidMappings": [{ "containerID": 0, "hostID": 100000, "size": 65536 }],
            "timeOffsets": { "monotonic": { "secs": 10, "nanosecs": 5 } },
            "devices": [{ "path": "/dev/full", "type": "c", "major": 1, "minor": 7, "fileMode": 438, "uid": 0, "gid": 0 }],
            "resources": {
              "devices": [{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 1, "minor": 3, "access": "rw" }],
              "memory": { "limit": 67108864, "reservation": 33554432, "swappiness": 60 },
              "cpu": { "shares": 512, "quota": 50000, "period": 100000, "cpus": "0", "mems": "0" },
              "pids": { "limit": 100 }, "blockIO": {}, "hugepageLimits": [], "network": { "priorities": [] }, "unified": {}
            },
            "rootfsPropagation": "rslave", "maskedPaths": ["/proc/kcore", "/sys/firmware"], "readonlyPaths": ["/proc/sys", "/proc/bus"],
            "personality": { "domain": "LINUX", "flags": [] }, "memoryPolicy": { "mode": "MPOL_DEFAULT", "nodes": "", "flags": [] },
            "seccomp": {
              "defaultAction": "SCMP_ACT_ALLOW", "architectures": [], "flags": [],
              "syscalls": [{ "names": ["getcwd"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1, "args": [{ "index": 0, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_EQ" }] }]
            }
          }
        }
        """)!.AsObject();
    }
}
