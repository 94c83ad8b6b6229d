using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sampan.Json;
using Sampan.Linux.Capabilities;
using Sampan.Runtime.Launching;
using Sampan.RuntimeCli.Commands;

namespace Sampan.RuntimeCli.Specs;

/// <summary>What this runtime knows (features.md, features-linux.md): words it understands, not what this host can give.</summary>
internal static class FeaturesDocument
{
    private static readonly string[] Hooks = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    private static readonly string[] MountOptions =
    [
        "async", "atime", "auto", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "idmap", "iversion", "lazytime", "loud", "mand", "noatime",
        "noauto", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime", "nosuid", "nosymfollow", "nouser", "private",
        "ratime", "rbind", "rdev", "rdiratime", "relatime", "remount", "rexec", "ridmap", "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime",
        "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw", "shared",
        "silent", "slave", "strictatime", "suid", "symfollow", "sync", "tmpcopyup", "unbindable",
    ];

    private static readonly string[] Namespaces = ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"];

    private static readonly string[] Actions =
    [
        "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP",
    ];

    private static readonly string[] Operators =
        ["SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE", "SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE"];

    private static readonly string[] Flags =
        ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"];

    private static string[] Architectures => RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        ? ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]
        : ["SCMP_ARCH_X32", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64"];

    /// <summary>Writes it.</summary>
    /// <returns>Indented JSON.</returns>
    public static string Write()
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new() { Indented = true, IndentSize = 4, Encoder = JsonTextEncoder.Instance }))
        {
            json.WriteStartObject();
            json.WriteString("ociVersionMin", "1.0.0");
            json.WriteString("ociVersionMax", HelpText.SpecVersion);
            WriteList(json, "hooks", Hooks);
            WriteList(json, "mountOptions", MountOptions);
            json.WriteStartObject("linux");
            WriteList(json, "namespaces", Namespaces);
            WriteList(json, "capabilities", CapabilitySet.All.ToNames());
            WriteCgroup(json);
            json.WriteStartObject("seccomp");
            json.WriteBoolean("enabled", true);
            WriteList(json, "actions", Actions);
            WriteList(json, "operators", Operators);
            WriteList(json, "archs", Architectures);
            WriteList(json, "knownFlags", Flags);
            WriteList(json, "supportedFlags", Flags);
            json.WriteEndObject();
            WriteEnabled(json, "apparmor");
            WriteEnabled(json, "selinux");
            WriteIntelRdt(json);
            json.WriteStartObject("memoryPolicy");
            WriteList(json, "modes", [.. MemoryPolicy.ModeNames]);
            WriteList(json, "flags", [.. MemoryPolicy.FlagNames]);
            json.WriteEndObject();
            json.WriteStartObject("mountExtensions");
            WriteEnabled(json, "idmap");
            json.WriteEndObject();
            WriteEnabled(json, "netDevices");
            json.WriteEndObject();
            json.WriteStartObject("annotations");

            // What engines ask runc by: checkpoint and restore are there.
            json.WriteString("org.opencontainers.runc.checkpoint.enabled", "true");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static void WriteCgroup(Utf8JsonWriter json)
    {
        json.WriteStartObject("cgroup");
        json.WriteBoolean("v1", true);
        json.WriteBoolean("v2", true);
        json.WriteBoolean("systemd", true);
        json.WriteBoolean("systemdUser", true);
        json.WriteBoolean("rdma", true);
        json.WriteEndObject();
    }

    private static void WriteIntelRdt(Utf8JsonWriter json)
    {
        json.WriteStartObject("intelRdt");
        json.WriteBoolean("enabled", true);
        json.WriteBoolean("schemata", true);
        json.WriteBoolean("monitoring", true);
        json.WriteEndObject();
    }

    private static void WriteEnabled(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("enabled", true);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, string[] words)
    {
        json.WriteStartArray(name);
        foreach (var word in words)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
    }
}
