namespace Sampan.Conformance.Harness;

/// <summary>A bundle in a folder of its own: a busybox root file system and a config.json that a test changes before it is written.</summary>
public sealed class Bundle
{
    private static readonly string[] Applets =
    [
        "[", "awk", "cat", "chmod", "chown", "chroot", "cut", "date", "dd", "dnsdomainname", "echo", "env", "expr", "false", "grep", "head", "hostname", "id",
        "ionice", "kill", "ln", "ls", "mkdir", "mknod", "mount", "mv", "nproc", "od", "ps", "pwd", "readlink", "rm", "rmdir", "sed", "setsid", "sh", "sleep",
        "sort", "stat", "stty", "tail", "tee", "test", "touch", "tr", "true", "tty", "umount", "uname", "uniq", "unshare", "wc", "which", "xargs",
    ];

    /// <summary>Makes the folder, the root file system and the default configuration.</summary>
    /// <param name="folder">The folder to make.</param>
    /// <param name="cgroupsPath">Where its control groups shall be.</param>
    public Bundle(string folder, string cgroupsPath)
    {
        Folder = folder;
        foreach (var name in (string[])["bin", "dev", "etc", "proc", "sys", "tmp", "mnt", "root", "run"])
        {
            Directory.CreateDirectory(Path.Combine(Rootfs, name));
        }

        Executable.Copy("/bin/busybox", In("/bin/busybox"));
        foreach (var applet in Applets)
        {
            File.CreateSymbolicLink(In("/bin/" + applet), "busybox");
        }

        File.WriteAllText(In("/etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Config = (JsonObject)DefaultConfig();
        Linux["cgroupsPath"] = cgroupsPath;
    }

    /// <summary>The bundle's folder on the host.</summary>
    public string Folder { get; }

    /// <summary>The root file system on the host.</summary>
    public string Rootfs => Path.Combine(Folder, "rootfs");

    /// <summary>The whole configuration.</summary>
    public JsonObject Config { get; }

    /// <summary>The property process.</summary>
    public JsonObject Process => Config["process"]!.AsObject();

    /// <summary>The property linux.</summary>
    public JsonObject Linux => Config["linux"]!.AsObject();

    /// <summary>The property linux.resources.</summary>
    public JsonObject Resources => Linux["resources"]!.AsObject();

    /// <summary>The property mounts.</summary>
    public JsonArray Mounts => Config["mounts"]!.AsArray();

    /// <summary>Where config.json is.</summary>
    public string ConfigFile => Path.Combine(Folder, "config.json");

    /// <summary>The host's path of a path in the root file system.</summary>
    public string In(string path) => Path.Combine(Rootfs, path.TrimStart('/'));

    /// <summary>Sets the program and its arguments.</summary>
    public Bundle Args(params string[] words)
    {
        Process["args"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
        return this;
    }

    /// <summary>Sets a shell script as the program.</summary>
    public Bundle Script(string script) => Args("/bin/sh", "-c", script);

    /// <summary>Changes anything.</summary>
    public Bundle With(Action<Bundle> change)
    {
        change(this);
        return this;
    }

    /// <summary>Adds a mount.</summary>
    public Bundle Mount(string destination, string type, string source, params string[] options)
    {
        Mounts.Add((JsonNode)new JsonObject
        {
            ["destination"] = destination,
            ["type"] = type,
            ["source"] = source,
            ["options"] = new JsonArray([.. options.Select(option => JsonValue.Create(option))]),
        });
        return this;
    }

    /// <summary>Gives the process capabilities besides the default ones, in the sets a root process needs.</summary>
    public Bundle Capability(params string[] names)
    {
        foreach (var set in (string[])["bounding", "effective", "permitted"])
        {
            foreach (var name in names)
            {
                Process["capabilities"]![set]!.AsArray().Add(name);
            }
        }

        return this;
    }

    /// <summary>Makes a user namespace in which root is an ordinary user of the host, and the tree readable for it.</summary>
    public Bundle UserNamespace(int host = 100000)
    {
        Linux["namespaces"]!.AsArray().Add(Json.Parse("""{"type":"user"}"""));
        Linux["uidMappings"] = Json.Parse($$"""[{"containerID":0,"hostID":{{host}},"size":65536}]""");
        Linux["gidMappings"] = Json.Parse($$"""[{"containerID":0,"hostID":{{host}},"size":65536}]""");
        return this;
    }

    /// <summary>Removes a namespace from the list: the runtime's own is inherited.</summary>
    public Bundle WithoutNamespace(string type)
    {
        var list = Linux["namespaces"]!.AsArray();
        list.Remove(list.Single(entry => (string)entry!["type"]! == type));
        return this;
    }

    /// <summary>Adds a hook of a kind.</summary>
    public Bundle Hook(string kind, JsonNode hook)
    {
        var hooks = (JsonObject)(Config["hooks"] ??= new JsonObject());
        ((JsonArray)(hooks[kind] ??= new JsonArray())).Add(hook);
        return this;
    }

    /// <summary>Adds a hook of a kind that runs a shell script and then reads what is left of its standard input, so that no runtime writes into a closed pipe.</summary>
    public Bundle Hook(string kind, string script) =>
        Hook(kind, new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", script + "\ncode=$?; cat >/dev/null; exit $code"), ["env"] = new JsonArray("PATH=/usr/sbin:/usr/bin:/sbin:/bin") });

    /// <summary>Writes config.json.</summary>
    public Bundle Write()
    {
        File.WriteAllText(ConfigFile, Config.ToJsonString());
        return this;
    }

    private static JsonNode DefaultConfig() => Json.Parse("""
        {
          "ociVersion": "1.0.2",
          "process": {
            "user": { "uid": 0, "gid": 0 },
            "args": ["/bin/true"],
            "env": ["PATH=/bin"],
            "cwd": "/",
            "capabilities": {
              "bounding": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_MKNOD"],
              "effective": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_MKNOD"],
              "permitted": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_MKNOD"]
            }
          },
          "root": { "path": "rootfs" },
          "hostname": "conformance",
          "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc" },
            { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            { "destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] },
            { "destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] }
          ],
          "linux": {
            "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }],
            "resources": { "devices": [{ "allow": false, "access": "rwm" }] }
          }
        }
        """);
}
