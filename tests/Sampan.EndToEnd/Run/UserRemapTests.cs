using System.Globalization;

namespace Sampan.EndToEnd.Run;

/// <summary>Containers whose root is a subordinate id of the host (--userns).</summary>
public sealed class UserRemapTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const string Ranges = "dockremap:100000:65536\ncontainers:200000:8192\nsmall:300000:3\nalice:400000:65536\n";

    /// <summary>A command with files of its own in place of /etc/subuid and /etc/subgid, in a mount namespace of its own.</summary>
    private CommandResult Sampan(params string[] arguments) => SampanWith(Ranges, arguments);

    private CommandResult SampanWith(string ranges, params string[] arguments)
    {
        using var command = Start(ranges, arguments);
        return command.Wait();
    }

    private RunningCommand Start(string ranges, params string[] arguments)
    {
        var file = Path.Combine(host.Folder, "ranges" + ranges.Length.ToString(CultureInfo.InvariantCulture));
        if (!File.Exists(file))
        {
            File.WriteAllText(file, ranges);
        }

        var command = new RunningCommand("unshare", ["-m", "sh", "-ec", "for file in /etc/subuid /etc/subgid; do mount --bind \"$0\" $file; done; exec \"$@\"", file, Host.Binary, .. host.Arguments(arguments)]);
        command.CloseInput();
        return command;
    }

    private string Run(string script, params string[] options) => Sampan(["run", "--rm", .. options, "busybox", "sh", "-c", script]).ShouldSucceed();

    private string Detached(params string[] options) => Sampan(["run", "-d", .. options, "busybox", "sleep", "1000"]).ShouldSucceed();

    private string Upper(string id) => Path.Combine(host.Root, "containers", id, "upper");

    private static string OwnerOf(string path) => Host.Shell("stat -c %u:%g \"$1\"", path);

    [Fact]
    public void Root_of_the_container_is_the_first_subordinate_id()
    {
        Run("awk '{ print $1, $2, $3 }' /proc/self/uid_map; id -u; stat -c %u:%g /bin/busybox /; echo x >/root/made; stat -c %u:%g /root/made", "--userns", "remap")
            .ShouldBe("0 100000 65536\n0\n0:0\n0:0\n0:0");
        var id = Detached("--userns", "remap:default");
        host.Sampan("exec", id, "sh", "-c", "mkdir -p /new/dir; echo x >/new/file; chown 7:8 /new/file; chmod 4755 /bin/busybox").ShouldSucceed();
        OwnerOf(Upper(id)).ShouldBe("100000:100000");
        OwnerOf(Upper(id) + "/new/dir").ShouldBe("100000:100000");
        OwnerOf(Upper(id) + "/new/file").ShouldBe("100007:100008");
        OwnerOf(Upper(id) + "/bin/busybox").ShouldBe("100000:100000");
        OwnerOf($"/proc/{host.Pid(id)}").ShouldBe("100000:100000");

        // The layer is everybody's and stays as it was.
        var layer = host.Sampan("image", "inspect", "-f", "{{index .RootFS.Layers 0}}", "busybox").ShouldSucceed()["sha256:".Length..];
        Host.Shell("find \"$1\" ! -uid 0 | wc -l", Path.Combine(host.Root, "layers", layer)).ShouldBe("0");
        host.Inspect(id).GetProperty("HostConfig").GetProperty("UsernsMode").GetString().ShouldBe("remap:default");
        host.Inspect(id).GetProperty("HostConfig").GetProperty("IDMappings").GetProperty("UidMap")[0].GetString().ShouldBe("0:100000:65536");
        Run("awk '{ print $1, $2, $3 }' /proc/self/uid_map", "--userns", "remap:alice").ShouldBe("0 400000 65536");
        Run("awk '{ print $1, $2, $3 }' /proc/self/gid_map", "--userns", "remap:alice:dockremap").ShouldBe("0 100000 65536");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void It_looks_as_in_any_container()
    {
        const string script = "stat -c '%n %u:%g %a' /etc/hosts /etc/resolv.conf /etc/hostname /dev/shm /tmp/t /dev/pts; stat -c '%n %g' /dev/console /dev/pts/ptmx; "
            + "for d in null zero full random urandom tty; do test -c /dev/$d && echo $d; done; : </dev/null; head -c 4 /dev/zero | wc -c; cat /sys/fs/cgroup/*/cgroup.procs 2>/dev/null | head -n 0; ls /sys/class/net; hostname; "
            + "echo up >/dev/shm/x; cat /dev/shm/x; touch /sys/x 2>/dev/null || echo no; echo 1 >/proc/sys/kernel/hostname 2>/dev/null || echo ro; grep -c . /proc/self/cgroup >/dev/null && echo cgroup; grep ^Seccomp: /proc/self/status";
        string[] options = ["-t", "--hostname", "box", "--tmpfs", "/tmp/t:mode=1777"];
        Run(script, [.. options, "--userns", "remap"]).ShouldBe(Run(script, options));
        const string streams = "echo out >/dev/stdout; echo err >/dev/stderr; cat /proc/sys/net/ipv4/ip_default_ttl; ulimit -n";
        Run(streams, "--userns", "remap", "--sysctl", "net.ipv4.ip_default_ttl=77", "--ulimit", "nofile=512:600").ShouldContain("77\n512");
        Run(streams, "--userns", "remap", "-u", "1000:1000").ShouldStartWith("out");
        Run("id -u; id -g; stat -c %u:%g /proc/self/; touch /bin/x 2>/dev/null || echo denied", "--userns", "remap", "-u", "1000:50").ShouldBe("1000\n50\n1000:50\ndenied");
        Run("touch /x 2>/dev/null || echo ro; touch /dev/shm/x && echo shm", "--userns", "remap", "--read-only").ShouldBe("ro\nshm");
        Run("test -c /dev/zero2 && head -c 3 /dev/zero2 | wc -c", "--userns", "remap", "--device", "/dev/zero:/dev/zero2").ShouldBe("3");
        Run("ps -o pid,comm | awk '$1 == 1 { print $2 }'", "--userns", "remap", "--init").ShouldNotBe("sh");
    }

    [Fact]
    public void Further_processes_have_the_containers_ids()
    {
        var id = Detached("--userns", "remap");
        host.Sampan("exec", id, "sh", "-c", "id -u; stat -c %u:%g /proc/self/; echo x >/dev/stdout; echo made >/by-exec").ShouldSucceed().ShouldBe("0\n0:0\nx");
        host.Sampan("exec", "-u", "7:9", id, "sh", "-c", "id -u; id -g; echo x >/dev/stdout").ShouldSucceed().ShouldBe("7\n9\nx");
        OwnerOf(Upper(id) + "/by-exec").ShouldBe("100000:100000");
        using (var terminal = host.OnTerminal("exec", "-it", id, "sh", "-c", "stat -c %u $(tty); echo again >$(tty)"))
        {
            terminal.Expect("0");
            terminal.Expect("again");
        }

        host.Sampan("exec", "-u", "70000", id, "true").ShouldFailInOneLine(126, "user 70000 is not among the 65536 ids");
        host.Sampan("restart", "-t", "0", id).ShouldSucceed();
        host.Sampan("exec", id, "cat", "/by-exec").ShouldSucceed().ShouldBe("made");
        OwnerOf($"/proc/{host.Pid(id)}").ShouldBe("100000:100000");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Copies_have_the_ids_of_their_side()
    {
        var id = Detached("--userns", "remap");
        var folder = Directory.CreateDirectory(Path.Combine(host.Folder, "copies")).FullName;
        Host.Shell("mkdir \"$1/in\"; echo x >\"$1/in/file\"; chown 5:6 \"$1/in/file\"; echo y >\"$1/stray\"; chown 70000 \"$1/stray\"", folder);
        host.Sampan("cp", folder + "/in", id + ":/in").ShouldSucceed();
        host.Sampan("exec", id, "stat", "-c", "%u:%g", "/in", "/in/file").ShouldSucceed().ShouldBe("0:0\n5:6");
        host.Sampan("cp", folder + "/stray", id + ":/").ShouldFailInOneLine(1, "user 70000 has no id in the container's user namespace");
        host.Sampan("cp", "-a", id + ":/in", folder + "/kept").ShouldSucceed();
        OwnerOf(folder + "/kept/file").ShouldBe("5:6");
        host.Sampan("cp", id + ":/in", folder + "/mine").ShouldSucceed();
        OwnerOf(folder + "/mine/file").ShouldBe("0:0");
        Host.Shell("\"$1\" --root \"$2\" --state \"$3\" cp \"$4:/in\" - | tar -tv --numeric-owner | grep file", Host.Binary, host.Root, host.State, id).ShouldContain(" 5/6 ");
        Host.Shell("tar -c -C \"$5\" --owner=3 --group=4 in/file | \"$1\" --root \"$2\" --state \"$3\" cp - \"$4:/tmp\"", Host.Binary, host.Root, host.State, id, folder);
        host.Sampan("exec", id, "stat", "-c", "%u:%g", "/tmp/in/file").ShouldSucceed().ShouldBe("3:4");

        host.Sampan("stop", "-t", "0", id).ShouldSucceed();
        host.Sampan("cp", folder + "/in", id + ":/later").ShouldSucceed();
        host.Sampan("cp", "-a", id + ":/bin/busybox", folder + "/busybox").ShouldSucceed();
        host.Sampan("cp", "-a", id + ":/later", folder + "/back").ShouldSucceed();
        OwnerOf(folder + "/busybox").ShouldBe("0:0");
        OwnerOf(folder + "/back/file").ShouldBe("5:6");
        OwnerOf(Upper(id) + "/later/file").ShouldBe("100005:100006");
        host.Sampan("start", id).ShouldSucceed();
        host.Sampan("exec", id, "stat", "-c", "%u:%g", "/later/file").ShouldSucceed().ShouldBe("5:6");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Changes_exports_and_images_have_the_containers_ids()
    {
        const string change = "mkdir /new; echo x >/new/file; chown 5:6 /new/file; chown 9 /etc/passwd; rm /etc/group";
        var id = Sampan("run", "-d", "--userns", "remap", "busybox", "sh", "-c", change).ShouldSucceed();
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("0");
        var plain = host.Detached("busybox", "sh", "-c", change);
        host.Sampan("wait", plain).ShouldSucceed();
        host.Sampan("diff", id).ShouldSucceed().ShouldBe(host.Sampan("diff", plain).ShouldSucceed());
        string Exported(string container) => Host.Shell(
            "\"$1\" --root \"$2\" --state \"$3\" export \"$4\" | tar -tv --numeric-owner | awk '{ print $1, $2, $6 }' | sort", Host.Binary, host.Root, host.State, container);
        Exported(id).ShouldBe(Exported(plain));
        host.Sampan("commit", id, "changed").ShouldSucceed();
        const string look = "stat -c '%n %u:%g' /new/file /new /etc/passwd /bin/busybox";
        const string found = "/new/file 5:6\n/new 0:0\n/etc/passwd 9:0\n/bin/busybox 0:0";
        host.Sampan("run", "--rm", "changed", "sh", "-c", look).ShouldSucceed().ShouldBe(found);
        Sampan("run", "--rm", "--userns", "auto", "changed", "sh", "-c", look).ShouldSucceed().ShouldBe(found);
        host.Sampan("rm", "-f", id, plain).ShouldSucceed();
    }

    [Fact]
    public void File_capabilities_survive_both_ways()
    {
        // cap_net_raw+ep, revision 2: no other root than the host's (linux/capability.h).
        const string capability = "0100000200200000000000000000000000000000";
        var id = Sampan("create", "--userns", "remap", "busybox", "sleep", "1000").ShouldSucceed();
        var file = Path.Combine(host.Folder, "capable");
        File.WriteAllText(file, "x");
        Attribute(file, capability);
        host.Sampan("cp", file, id + ":/capable").ShouldSucceed();
        Attribute(Upper(id) + "/capable").ShouldBe("0100000300200000000000000000000000000000a0860100");
        host.Sampan("cp", "-a", id + ":/capable", file + "-back").ShouldSucceed();
        Attribute(file + "-back").ShouldBe(capability);
        host.Sampan("rm", id).ShouldSucceed();
    }

    [Fact]
    public void Access_lists_name_the_containers_users()
    {
        // user::rw-, user:7:r--, group::---, mask::r--, other::--- (acl(5), linux/posix_acl_xattr.h).
        static string List(string user) => "02000000" + "01000600ffffffff" + "02000400" + user + "04000000ffffffff" + "10000400ffffffff" + "20000000ffffffff";
        const string seven = "07000000";
        var id = Detached("--userns", "remap");
        var file = Path.Combine(host.Folder, "listed");
        File.WriteAllText(file, "listed");
        const string name = "system.posix_acl_access";
        Attribute(file, List(seven), name);
        host.Sampan("cp", "-a", file, id + ":/listed").ShouldSucceed();
        Attribute(Upper(id) + "/listed", name: name).ShouldBe(List("a7860100"), "100007, what 7 is in there");
        MayRead("-u", "7");
        host.Sampan("exec", "-u", "8", id, "cat", "/listed").ShouldFail(1, "Permission denied");
        host.Sampan("cp", "-a", id + ":/listed", file + "-back").ShouldSucceed();
        Attribute(file + "-back", name: name).ShouldBe(List(seven));

        // One that somebody gave in there, whose id the file system has as the container's.
        Attribute(Upper(id) + "/listed", List("a8860100"), name);
        host.Sampan("exec", "-u", "8", id, "cat", "/listed").ShouldSucceed().ShouldBe("listed");
        Attribute(Upper(id) + "/listed", List("a7860100"), name);

        // As a layer it has the image's ids again, and each container sees them as its own.
        host.Sampan("commit", id, "listed").ShouldSucceed();
        foreach (var userns in new[] { "host", "remap", "auto" })
        {
            Sampan("run", "--rm", "--userns", userns, "-u", "7", "listed", "cat", "/listed").ShouldSucceed().ShouldBe("listed", userns);
            Sampan("run", "--rm", "--userns", userns, "-u", "8", "listed", "cat", "/listed").ShouldFail(1, "Permission denied");
        }

        var layered = Sampan("create", "--userns", "remap", "listed").ShouldSucceed();
        host.Sampan("cp", "-a", layered + ":/listed", file + "-layer").ShouldSucceed();
        Attribute(file + "-layer", name: name).ShouldBe(List(seven));
        host.Sampan("rm", "-f", id, layered).ShouldSucceed();
        host.Sampan("rmi", "listed").ShouldSucceed();

        void MayRead(params string[] options) => host.Sampan(["exec", .. options, id, "cat", "/listed"]).ShouldSucceed().ShouldBe("listed");
    }

    [Fact]
    public void Volumes_get_the_images_files_with_the_containers_ids()
    {
        Run("stat -c %u:%g /etc/passwd; echo x >/etc/more; stat -c %u:%g /fresh; touch /fresh/x", "--userns", "remap", "-v", "remapped:/etc", "-v", "fresh:/fresh").ShouldBe("0:0\n0:0");
        OwnerOf(Path.Combine(host.Root, "volumes/remapped/_data/passwd")).ShouldBe("100000:100000");
        OwnerOf(Path.Combine(host.Root, "volumes/remapped/_data/more")).ShouldBe("100000:100000");
        OwnerOf(Path.Combine(host.Root, "volumes/fresh/_data/x")).ShouldBe("100000:100000");
        var bound = Directory.CreateDirectory(Path.Combine(host.Folder, "bound")).FullName;
        Host.Shell("echo theirs >\"$1/theirs\"; chmod 777 \"$1\"", bound);

        // The host's ids as they are: what is root's there is nobody's here, and what is written is the subordinate id's.
        Run("stat -c %u /b/theirs; echo x >/b/ours; stat -c %u /b/ours", "--userns", "remap", "-v", bound + ":/b").ShouldBe("65534\n0");
        OwnerOf(bound + "/ours").ShouldBe("100000:100000");
        Run("stat -c %u:%g /b/theirs; echo x >/b/mapped", "--userns", "remap", "-v", bound + ":/b:idmap=uids=0-0-1000").ShouldBe("0:0");
        OwnerOf(bound + "/mapped").ShouldBe("0:0");
        host.Sampan("volume", "rm", "remapped", "fresh").ShouldSucceed();
    }

    [Fact]
    public void Auto_gives_every_container_ids_of_its_own()
    {
        var (one, two) = (Detached("--userns", "auto"), Detached("--userns", "auto:size=2000"));
        Map(one).ShouldBe("0:200000:1024");
        Map(two).ShouldBe("0:201024:2000");
        Map(Detached("--name", "mapped", "--userns", "auto:size=100,uidmapping=5:1000:2,gidmapping=0:1000:1")).ShouldBe("5:1000:2 0:203024:5 7:203029:93");
        host.Sampan("exec", "mapped", "awk", "{ print $1, $2, $3 }", "/proc/self/gid_map").ShouldSucceed().ShouldStartWith("0 1000 1\n");
        Sampan("run", "--rm", "--userns", "auto:size=70000", "busybox", "true").ShouldFailInOneLine(125, "not enough unused IDs in user namespace: 70000", "auto:size=N", "containers:465536:1048576");
        host.Sampan("rm", "-f", one).ShouldSucceed();
        Map(Detached("--name", "third", "--userns", "auto:size=1000")).ShouldBe("0:200000:1000");
        host.Sampan("rm", "-f", two, "mapped", "third").ShouldSucceed();
        var racers = Enumerable.Range(0, 7).Select(number => Start(Ranges, "create", "--name", "racer" + number.ToString(CultureInfo.InvariantCulture), "--userns", "auto", "busybox")).ToList();
        racers.ForEach(racer => racer.Wait().ShouldSucceed());
        racers.ForEach(racer => racer.Dispose());
        Enumerable.Range(0, 7).Select(number => Map("racer" + number.ToString(CultureInfo.InvariantCulture))).Order().ShouldBe(
            Enumerable.Range(0, 7).Select(number => $"0:{200000 + (1024 * number)}:1024"));
        host.RemoveContainers();
    }

    [Fact]
    public void Namespaces_are_shared_with_the_user_namespace_they_belong_to()
    {
        Detached("--name", "donor", "--userns", "auto", "--ipc", "shareable");
        var user = host.Sampan("exec", "donor", "readlink", "/proc/self/ns/user").ShouldSucceed();
        var net = host.Sampan("exec", "donor", "readlink", "/proc/self/ns/net").ShouldSucceed();
        Run("readlink /proc/self/ns/user; echo x >/made; stat -c %u /made /bin/busybox", "--userns", "container:donor").ShouldBe(user + "\n0\n0");
        Run("readlink /proc/self/ns/user; readlink /proc/self/ns/net; ls /sys/class/net", "--userns", "container:donor", "--network", "container:donor", "--pid", "container:donor", "--ipc", "container:donor")
            .ShouldBe($"{user}\n{net}\nlo");
        Run("readlink /proc/self/ns/net; test -d /sys/class/net && echo sys", "--userns", "remap", "--network", "container:donor").ShouldBe(net + "\nsys");
        Sampan("run", "--rm", "--userns", "remap", "--pid", "container:donor", "busybox", "true").ShouldFailInOneLine(125, "another user namespace", "--userns container:donor");
        host.Sampan("rm", "-f", "donor").ShouldSucceed();
        Sampan("run", "--rm", "--userns", "container:donor", "busybox", "true").ShouldFailInOneLine(125, "donor");
    }

    [Fact]
    public void Ids_can_be_kept_or_said_one_by_one()
    {
        Run("awk '{ print $1, $2, $3 }' /proc/self/uid_map; stat -c %u /bin/busybox; mount -t tmpfs x /mnt 2>/dev/null || echo denied", "--userns", "keep-id").ShouldBe("0 0 4294967295\n0\ndenied");
        Run("awk '{ print $1, $2, $3 }' /proc/self/uid_map; awk '{ print $1, $2, $3 }' /proc/self/gid_map", "--uidmap", "0:5000:10", "--uidmap", "10:7000:1", "--gidmap", "0:6000:10", "-u", "0:0").ShouldBe("0 5000 10\n10 7000 1\n0 6000 10");
        Sampan("run", "--rm", "--userns", "keep-id:uid=5", "busybox").ShouldFailInOneLine(125, "keep-id");
        Sampan("run", "--rm", "--userns", "host", "--uidmap", "0:1:1", "busybox").ShouldFailInOneLine(125, "mutually exclusive");
        Sampan("run", "--rm", "--uidmap", "0:1", "--uidmap", "x", "busybox").ShouldFailInOneLine(125, "invalid id mapping \"x\"");
    }

    [Fact]
    public void What_cannot_be_is_refused_in_dockers_words()
    {
        Refused("privileged mode is incompatible with user namespaces.  You must run the container in the host namespace when running privileged mode", "--privileged");
        Refused("cannot share the host's network namespace when user namespaces are enabled", "--network", "host");
        Refused("cannot share the host PID namespace when user namespaces are enabled", "--pid", "host");
        Sampan("run", "--rm", "--userns", "host", "--privileged", "busybox", "true").ShouldSucceed();
        Sampan("run", "--rm", "--userns", "sideways", "busybox", "true").ShouldFailInOneLine(125, "--userns: invalid USER mode");
        SampanWith("", "run", "--rm", "--userns", "remap", "busybox", "true").ShouldFailInOneLine(125, "no subuid ranges found for user \"dockremap\" in /etc/subuid", "add the line \"dockremap:100000:65536\"");
        SampanWith("", "run", "--rm", "--userns", "auto", "busybox", "true").ShouldFailInOneLine(125, "\"containers\" in /etc/subuid", "add the line \"containers:100000:1048576\"");
        SampanWith("containers:7000:70", "run", "--rm", "--userns", "remap", "busybox", "sh", "-c", "awk '{ print $1, $2, $3 }' /proc/self/uid_map").ShouldSucceed().ShouldBe("0 7000 70");
        Sampan("run", "--rm", "--userns", "remap:bob", "busybox", "true").ShouldFailInOneLine(125, "user \"bob\"");
        Sampan("run", "--rm", "--userns", "remap:small", "-u", "5", "busybox", "true").ShouldFailInOneLine(125, "user 5 is not among the 3 ids");
        Run("id -u; ls -d /dev/pts", "--userns", "remap:small", "-u", "0:0").ShouldBe("0\n/dev/pts");
        host.Sampan("ps", "-aq").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void A_root_directory_is_seen_with_the_containers_ids()
    {
        var root = host.MakeRootFilesystem("rootfs");
        Sampan("run", "--rm", "--userns", "remap", "--rootfs", root, "sh", "-c", "stat -c %u /bin/busybox; echo x >/made; stat -c %u /made").ShouldSucceed().ShouldBe("0\n0");
        OwnerOf(root + "/made").ShouldBe("0:0");
    }

    private static string Attribute(string path, string value = "", string name = "security.capability") => Host.Shell(
        "/usr/bin/python3 -c 'import os, sys; p, v, n = sys.argv[1:]; v and os.setxattr(p, n, bytes.fromhex(v)); print(os.getxattr(p, n).hex())' \"$1\" \"$2\" \"$3\"",
        path, value, name);

    private void Refused(string words, params string[] options) =>
        Sampan(["run", "--rm", "--userns", "remap", .. options, "busybox", "true"]).ShouldFailInOneLine(125, words);

    private string Map(string container) =>
        string.Join(' ', host.Inspect(container).GetProperty("HostConfig").GetProperty("IDMappings").GetProperty("UidMap").EnumerateArray().Select(range => range.GetString()));
}
