namespace Sampan.EndToEnd.Containers;

/// <summary>update --mount-add and --mount-rm: mounts of a container that runs.</summary>
public sealed class LiveMountTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Every_kind_of_mount_is_there_at_once_and_after_a_restart()
    {
        var source = Made("kinds");
        Directory.CreateDirectory(source + "/below");
        File.WriteAllText(source + "/file", "from the host");
        host.Sampan("volume", "create", "kinds").ShouldSucceed();
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan(
            "update",
            "--mount-add", $"type=bind,src={source},dst=/new/place",
            "--mount-add", $"type=bind,src={source},dst=/locked,readonly",
            "--mount-add", $"type=bind,src={source}/file,dst=/etc/one-file,bind-propagation=slave",
            "--mount-add", "type=volume,src=kinds,dst=/data",
            "--mount-add", "type=tmpfs,dst=/scratch,tmpfs-size=1m,tmpfs-mode=1770",
            id).ShouldSucceed().ShouldBe(id);
        Look();
        host.Sampan("exec", id, "sh", "-c", "echo kept > /data/x; echo gone > /scratch/x").ShouldSucceed();
        var mounts = host.Inspect(id).GetProperty("Mounts").EnumerateArray().Select(mount => mount.GetProperty("Destination").GetString()).ToList();
        mounts.ShouldBe(["/new/place", "/locked", "/etc/one-file", "/data"], ignoreOrder: true);
        host.Sampan("restart", "-t", "0", id).ShouldSucceed();
        Look();
        host.Sampan("exec", id, "sh", "-c", "cat /data/x; ls /scratch").ShouldSucceed().ShouldBe("kept");

        void Look()
        {
            host.Sampan("exec", id, "sh", "-c", "cat /new/place/file; ls /new/place").ShouldSucceed().ShouldBe("from the hostbelow\nfile");
            host.Sampan("exec", id, "touch", "/locked/x").ShouldFail(1, "Read-only file system");
            host.Sampan("exec", id, "touch", "/locked/below/x").ShouldFail(1, "Read-only file system");
            host.Sampan("exec", id, "cat", "/etc/one-file").ShouldSucceed().ShouldBe("from the host");
            host.Sampan("exec", id, "sh", "-c", "grep ' /scratch ' /proc/mounts; stat -c %a /scratch").ShouldSucceed()
                .ShouldMatch(@"^\w+ /scratch tmpfs rw,nosuid,nodev,noexec,.*size=1024k,mode=1770.*\n1770$");
        }
    }

    [Fact]
    public void A_volume_brings_the_images_files_subpaths_and_events()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("update", "--mount-add", "type=volume,src=filled,dst=/etc", id)
            .ShouldFailInOneLine(1, $"Cannot update container {id}: mount point /etc would cover /etc/hosts, which is mounted in it");
        host.Sampan("update", "--mount-add", "type=volume,src=programs,dst=/bin", id).ShouldSucceed();
        host.Sampan("exec", id, "sh", "-c", "grep -c ' /bin ' /proc/mounts").ShouldSucceed().ShouldBe("1", "the image's files are in the volume");
        host.Sampan("update", "--mount-add", "type=volume,src=filled,dst=/bin2", "--mount-add", "type=volume,dst=/home", id).ShouldSucceed();
        host.Sampan("exec", id, "sh", "-c", "mkdir /bin2/sub; echo deep > /bin2/sub/x").ShouldSucceed();
        host.Sampan("update", "--mount-add", "type=volume,src=filled,dst=/sub,volume-subpath=sub,volume-nocopy,ro", id).ShouldSucceed();
        host.Sampan("exec", id, "cat", "/sub/x").ShouldSucceed().ShouldBe("deep");
        host.Sampan("exec", id, "touch", "/sub/y").ShouldFail(1, "Read-only file system");
        host.Sampan("update", "--mount-add", "type=volume,src=filled,dst=/none,volume-subpath=none", id).ShouldFailInOneLine(1, "failed to mount subpath 'none' of volume filled");
        host.Sampan("update", "--mount-rm", "/sub", id).ShouldSucceed();
        var events = host.Sampan("events", "--since", "1h", "--until", "0s", "--format", "{{.Type}} {{.Action}} {{index .Actor.Attributes \"destination\"}}").ShouldSucceed();
        events.ShouldContain("volume mount /bin2");
        events.ShouldContain("volume unmount");
        events.ShouldContain("container update");
        var anonymous = host.Sampan("volume", "ls", "-q").Lines.Single(name => name.Length == 64);
        host.Sampan("rm", "-f", "-v", id).ShouldSucceed();
        host.Sampan("volume", "ls", "-q").Lines.ShouldNotContain(anonymous, "an anonymous volume goes with its container");
        host.Sampan("volume", "ls", "-q").Lines.ShouldContain("filled");
    }

    [Fact]
    public void A_failing_step_leaves_nothing()
    {
        var source = Made("nothing");
        var id = host.Detached("--tmpfs", "/there", "busybox", "sleep", "1000");
        var before = Mounts(id);
        var root = host.Sampan("exec", id, "ls", "/").ShouldSucceed();
        host.Sampan("update", "--mount-add", $"type=bind,src={source},dst=/a/b", "--mount-add", "type=volume,dst=/c", "--mount-add", "type=tmpfs,dst=/etc/hosts/x", id)
            .ShouldFailInOneLine(1, $"Cannot update container {id}: openat2 /etc/hosts/x: not a directory (ENOTDIR)");
        host.Sampan("update", "--mount-add", $"type=bind,src={source},dst=/a", "--device-add", "/dev/null:/dev/zero", id)
            .ShouldFailInOneLine(1, "mknodat /dev/zero", "remove it, or give the device another path");
        host.Sampan("update", "--mount-rm", "/there", "--mount-add", $"type=bind,src={source},dst=/a", "--memory", "1m", id).ShouldFailInOneLine(1, "Minimum memory limit allowed is 6MB");
        host.Sampan("update", "--mount-rm", "/there", "--mount-add", $"type=bind,src={source},dst=/a", "--memory", "1000g", "--memory-swap", "2000g", "--cpuset-mems", "999", id).ShouldFail(1, "Cannot update container");
        Mounts(id).ShouldBe(before);
        host.Sampan("exec", id, "ls", "/").ShouldSucceed().ShouldBe(root, "directories that were made for it are gone too");
        host.Sampan("volume", "ls", "-q").Lines.ShouldNotContain(name => name.Length == 64);
        host.Inspect(id).GetProperty("Mounts").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_in_dockers_words()
    {
        var source = Made("refused");
        var id = host.Detached("-v", $"{source}:/has", "--tmpfs", "/tmpfs", "busybox", "sleep", "1000");
        foreach (var target in new[] { "/has", "/has/", "/tmpfs", "/x/../has" })
        {
            host.Sampan("update", "--mount-add", $"type=bind,src={source},dst={target}", id).ShouldFailInOneLine(1, $"Cannot update container {id}: Duplicate mount point: {target.Replace("/x/..", "").TrimEnd('/')}");
        }

        host.Sampan("update", "--mount-add", $"type=bind,src={source},dst=/n", "--mount-add", "type=tmpfs,dst=/n", id).ShouldFailInOneLine(1, "Duplicate mount point: /n");
        host.Sampan("update", "--mount-add", "type=bind,src=/no/such,dst=/n", id).ShouldFailInOneLine(1, "invalid mount config for type \"bind\": bind source path does not exist: /no/such");
        host.Sampan("update", "--mount-add", "type=tmpfs,dst=/proc", id).ShouldFailInOneLine(1, "Duplicate mount point: /proc: a running container has it from its start");
        host.Sampan("update", "--mount-rm", "/proc", id).ShouldFailInOneLine(1, "mount point /proc is part of every container and cannot be removed");
        host.Sampan("update", "--mount-rm", "/", id).ShouldFailInOneLine(1, "mount point / is part of every container");
        host.Sampan("update", "--mount-rm", "/none", id).ShouldFailInOneLine(1, "No such mount point: /none");
        host.Sampan("update", "--lazy", id).ShouldFailInOneLine(1, "give --mount-rm");
        host.Sampan("update", "--mount-add", "src=x", id).ShouldFail(125, "target is required");
    }

    [Fact]
    public void A_mount_goes_and_stays_gone()
    {
        var source = Made("goes");
        var id = host.Detached("-v", $"{source}:/one", "--tmpfs", "/two", "--mount", $"type=bind,src={source},dst=/var/spool/three", "busybox", "sleep", "1000");
        host.Sampan("update", "--mount-rm", "/one", "--mount-rm", "/two", "--mount-rm", "/var/spool/three", id).ShouldSucceed();
        Mounts(id).ShouldNotContain(line => line.EndsWith(" /one") || line.EndsWith(" /two") || line.EndsWith("/three"));
        host.Inspect(id).GetProperty("Mounts").GetArrayLength().ShouldBe(0);
        host.Sampan("restart", "-t", "0", id).ShouldSucceed();
        Mounts(id).ShouldNotContain(line => line.EndsWith(" /one") || line.EndsWith(" /two") || line.EndsWith("/three"));
    }

    [Fact]
    public void A_mount_in_use_goes_only_lazily()
    {
        var source = Made("busy");
        var id = host.Detached("-v", $"{source}:/busy", "busybox", "sh", "-c", "cd /busy; sleep 1000");
        Patience.ShouldCome(() => host.Sampan("top", id).Output.Contains("sleep"), "it is in there");
        host.Sampan("update", "--mount-rm", "/busy", id).ShouldFailInOneLine(1, "umount2 /busy", "EBUSY", "--lazy");
        Mounts(id).Count(line => line.EndsWith(" /busy")).ShouldBe(1);
        host.Inspect(id).GetProperty("Mounts").GetArrayLength().ShouldBe(1);
        host.Sampan("update", "--mount-rm", "/busy", "--lazy", id).ShouldSucceed();
        Mounts(id).ShouldNotContain(line => line.EndsWith(" /busy"));
    }

    [Fact]
    public void One_mount_takes_anothers_place_and_depth_is_heeded()
    {
        File.WriteAllText(Made("old") + "/old", "");
        File.WriteAllText(Made("new") + "/new", "");
        var id = host.Detached("-v", $"{host.Folder}/old:/place", "-v", $"{host.Folder}/old:/place/deep", "busybox", "sleep", "1000");
        host.Sampan("update", "--mount-rm", "/place", id).ShouldFailInOneLine(1, "/place/deep is mounted in it");
        host.Sampan("update", "--mount-rm", "/place", "--mount-rm", "/place/deep", "--mount-add", $"type=bind,src={host.Folder}/new,dst=/place", id).ShouldSucceed();
        host.Sampan("exec", id, "ls", "/place").ShouldSucceed().ShouldBe("new");
    }

    [Fact]
    public void A_link_of_the_container_leads_to_its_own_files_only()
    {
        var source = Made("links");
        File.WriteAllText(source + "/mark", "");
        var id = host.Detached("busybox", "sh", "-c", $"mkdir -p {host.Folder}/links; ln -s /etc /link; ln -s ../../../../../../../../{host.Folder}/links /up; ln -s /proc/1/root/out /magic; sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "readlink", "/magic").ExitCode == 0, "the links are there");
        host.Sampan("update", "--mount-add", $"type=bind,src={source},dst=/link/inside", "--mount-add", $"type=bind,src={source},dst=/up", id).ShouldSucceed();
        host.Sampan("exec", id, "ls", "/etc/inside").ShouldSucceed().ShouldBe("mark");
        host.Sampan("exec", id, "ls", $"{host.Folder}/links").ShouldSucceed().ShouldBe("mark", "below the container's root");
        Directory.Exists("/etc/inside").ShouldBeFalse();
        host.Sampan("update", "--mount-add", $"type=bind,src={source},dst=/magic/x", id).ShouldFailInOneLine(1, "openat2 /magic/x: ", "ELOOP");
        host.Sampan("update", "--mount-rm", "/link/inside", id).ShouldSucceed();
        host.Sampan("exec", id, "ls", "/etc/inside").ShouldSucceed().ShouldBe("");
    }

    [Fact]
    public void A_removal_is_not_led_to_a_mount_that_protects_the_host()
    {
        var source = Made("led");
        var id = host.Detached("-v", $"{source}:/data/x", "busybox", "sh", "-c", "mv /data /moved; mkdir /data; ln -s /proc/keys /data/x; sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "readlink", "/data/x").ExitCode == 0, "the trap is set");
        var before = Mounts(id);
        host.Sampan("update", "--mount-rm", "/data/x", id).ShouldFailInOneLine(1, "/data/x leads to /proc/keys now");
        host.Sampan("exec", id, "sh", "-c", "rm /data/x; ln -s /etc /data/x").ShouldSucceed();
        host.Sampan("update", "--mount-rm", "/data/x", id).ShouldFailInOneLine(1, "nothing is mounted at /data/x now");
        Mounts(id).ShouldBe(before);
        host.Inspect(id).GetProperty("Mounts").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public void A_target_that_is_swapped_in_a_loop_never_leads_outside()
    {
        var source = Made("swapped");
        File.WriteAllText(source + "/mark", "");
        var outside = Made("swapped-outside");
        var swap = $"mkdir -p /t/d /{host.Folder}; ln -s {outside} /t/l; while :; do mv /t/d /t/p; mv /t/l /t/d; mv /t/d /t/l; mv /t/p /t/d; done";
        var id = host.Detached("busybox", "sh", "-c", swap);
        for (var round = 0; round < 40; round++)
        {
            var target = $"/t/d/{round}";
            var added = host.Sampan("update", "--mount-add", $"type=bind,src={source},dst={target}", id);
            if (added.ExitCode == 0)
            {
                _ = host.Sampan("update", "--mount-rm", target, id);
            }

            Directory.GetFileSystemEntries(outside).ShouldBeEmpty("the host's directory of that name is untouched");
        }

        host.Status(id).ShouldBe("running");
    }

    [Fact]
    public void A_paused_container_gets_mounts_and_a_stopped_one_with_its_start()
    {
        var source = Made("paused");
        File.WriteAllText(source + "/mark", "");
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("pause", id).ShouldSucceed();
        host.Sampan("update", "--mount-add", $"type=bind,src={source},dst=/while-paused", id).ShouldSucceed();
        host.Status(id).ShouldBe("paused");
        host.Sampan("unpause", id).ShouldSucceed();
        host.Sampan("exec", id, "ls", "/while-paused").ShouldSucceed().ShouldBe("mark");
        host.Sampan("stop", "-t", "0", id).ShouldSucceed();
        host.Sampan("update", "--mount-add", $"type=bind,src={source},dst=/while-stopped", "--mount-rm", "/while-paused", id).ShouldSucceed();
        host.Sampan("start", id).ShouldSucceed();
        host.Sampan("exec", id, "sh", "-c", "ls /while-stopped; ls /while-paused").ShouldSucceed().ShouldBe("mark");
    }

    [Fact]
    public void A_read_only_root_says_what_is_missing()
    {
        var source = Made("locked-root");
        var id = host.Detached("--read-only", "busybox", "sleep", "1000");
        host.Sampan("update", "--mount-add", $"type=bind,src={source},dst=/new", id).ShouldFailInOneLine(1, "openat2 /new: read-only file system (EROFS)", "the container's root is read-only and has no such path");
        host.Sampan("update", "--mount-add", $"type=bind,src={source},dst=/home", id).ShouldSucceed();
        host.Sampan("exec", id, "touch", "/home/x").ShouldSucceed();
        File.Exists(source + "/x").ShouldBeTrue();
    }

    [Fact]
    public void Whoever_is_killed_on_the_way_record_and_kernel_agree_at_the_next_start()
    {
        var source = Made("killed");
        var id = host.Detached("busybox", "sleep", "1000");
        for (var round = 0; round < 12; round++)
        {
            // Before it has a child that looks like it.
            var monitor = host.Monitor(id);
            using var update = host.Start("update", "--mount-add", $"type=bind,src={source},dst=/k{round}", id);
            var victim = round % 2 == 0 ? monitor : update.Pid;
            _ = SpinWait.SpinUntil(() => false, round);

            // The command may have ended by itself.
            _ = Native.kill(victim, Native.SIGKILL);
            update.Wait();
            host.Status(id).ShouldBe("running");
            host.Sampan("restart", "-t", "0", id).ShouldSucceed();

            // Where the command alone was killed, its monitor may still be at it.
            Patience.ShouldCome(() => Targets().SequenceEqual(Recorded()), "what runs has what the record says");
        }

        IEnumerable<string> Recorded() => host.Inspect(id).GetProperty("Mounts").EnumerateArray().Select(mount => mount.GetProperty("Destination").GetString()!).Order();

        IEnumerable<string> Targets() => Mounts(id).Select(line => line[(line.LastIndexOf(' ') + 1)..]).Where(path => path.StartsWith("/k", StringComparison.Ordinal)).Order();
    }

    private string Made(string name) => Directory.CreateDirectory(Path.Combine(host.Folder, name)).FullName;

    private IReadOnlyList<string> Mounts(string id) =>
        [.. host.Sampan("exec", id, "sh", "-c", "while read -r a b c d e f; do echo \"$d $e\"; done </proc/self/mountinfo").Lines.Order(StringComparer.Ordinal)];
}
