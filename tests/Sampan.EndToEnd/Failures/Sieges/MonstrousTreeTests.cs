namespace Sampan.EndToEnd.Failures.Sieges;

/// <summary>
/// Trees nobody made for copying: 10,000 names in a directory (SAMPAN_SOAK=1: 100,000), 1,000 directories in each other, names of any bytes, a file of a tebibyte of
/// nothing, a thousand names of one file, fifos, sockets and devices. All of it comes out as it is.
/// </summary>
public sealed class MonstrousTreeTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Deep = 1_000;
    private static readonly int Wide = Environment.GetEnvironmentVariable("SAMPAN_SOAK") == "1" ? 100_000 : 10_000;

    private const string Monster = """
        set -e
        mkdir -p /m/wide /m/deep /m/odd /m/links
        cd /m/wide; seq $0 | xargs touch
        cd /m/deep; i=0; while [ $i -lt 1000 ]; do mkdir d; cd d; i=$((i+1)); done; echo bottom > file
        cd /m/odd; echo 1 > "$(printf 'new\nline')"; echo 2 > "$(printf 'not\377utf8')"; mkdir "$(printf 'dir\376')"; echo 3 > "$(printf 'dir\376/in')"; echo 4 > ' -rf *'
        ln -s "$(printf 'to\375')" "$(printf 'link\374')"; mkfifo fifo; mknod null c 1 3; mknod disk b 7 0; truncate -s 1099511627776 sparse
        printf end | dd of=sparse bs=1 seek=549755813888 conv=notrunc 2>/dev/null
        cd /m/links; echo one > 0; seq 999 | while read i; do ln 0 $i; done
        touch /ready; exec sleep 1000
        """;

    // Types, names as bytes, sizes, links, devices; not the times of what was made anew.
    private const string List = "cd \"$1\"; find . -printf '%y %n %s %l %P\\0' | grep -zv '^d' | sort -z | sha256sum; find . -type d -printf '%P\\0' | sort -z | sha256sum; find . | wc -c";

    [Fact]
    public void Comes_out_as_it_is()
    {
        var id = host.Detached("busybox", "sh", "-c", Monster, $"{Wide}");
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/ready").ExitCode == 0, "it is made");
        var expected = Host.Shell(List, $"/proc/{host.Pid(id)}/root/m");

        var into = Path.Combine(host.Folder, "into");
        host.Sampan("cp", id + ":/m", into).ShouldSucceed();
        Host.Shell(List, into).ShouldBe(expected);
        File.ReadAllText("/proc/self/mounts").ShouldNotContain(host.Folder);
        Host.Shell("test $(stat -c %b \"$1/odd/sparse\") -lt 1000; test \"$(tail -c +549755813889 \"$1/odd/sparse\" | head -c 3)\" = end", into);

        // And in again, beside it.
        host.Sampan("exec", id, "mkdir", "/again").ShouldSucceed();
        host.Sampan("cp", "-a", into + "/.", id + ":/again").ShouldSucceed();
        Host.Shell(List, $"/proc/{host.Pid(id)}/root/again").ShouldBe(expected);
        Host.Shell("rm -rf \"$1\"", into);
        host.Sampan("exec", id, "rm", "-rf", "/again").ShouldSucceed();

        var archive = Path.Combine(host.Folder, "m.tar");
        host.SampanInto(archive, "cp", id + ":/m", "-").ShouldSucceed();
        Host.Shell("mkdir \"$2\"; tar xf \"$1\" -C \"$2\"", archive, into);
        Host.Shell(List, into + "/m").ShouldBe(expected);
        Host.Shell("rm -rf \"$1\"", into);
        host.Sampan("exec", id, "mkdir", "/t").ShouldSucceed();
        host.SampanFrom(archive, "cp", "-", id + ":/t").ShouldSucceed();
        Host.Shell(List, $"/proc/{host.Pid(id)}/root/t/m").ShouldBe(expected);
        host.Sampan("exec", id, "rm", "-rf", "/t").ShouldSucceed();

        host.SampanInto(archive, "export", id).ShouldSucceed();
        Host.Shell("mkdir \"$2\"; tar xf \"$1\" -C \"$2\" m", archive, into);
        Host.Shell(List, into + "/m").ShouldBe(expected);
        Host.Shell("rm -rf \"$1\" \"$2\"", into, archive);

        var diff = Path.Combine(host.Folder, "diff");
        host.SampanInto(diff, "diff", id).ShouldSucceed();
        Host.Shell("grep -zqF \"$(printf 'A /m/odd/not\\377utf8\\n')\" \"$1\"; test $(grep -c '^A /m/wide/' \"$1\") = \"$2\"; test $(grep -c '^A /m/deep/d' \"$1\") = \"$3\"", diff, $"{Wide}", $"{Deep + 1}");

        host.Sampan("commit", id, "monster").ShouldSucceed();
        var copy = host.Detached("monster", "sleep", "1000");
        Host.Shell(List, $"/proc/{host.Pid(copy)}/root/m").ShouldBe(expected);
        host.Sampan("rm", "-f", copy, id).ShouldSucceed();
        host.Sampan("rmi", "monster").ShouldSucceed();
        host.Sampan("system", "check").ShouldSucceed();
    }

    [Fact]
    public void One_made_deeper_than_any_path_is_refused_in_one_line_and_can_be_removed()
    {
        var id = host.Detached("busybox", "sh", "-c", "cd /; mkdir a; for round in $(seq 60); do mkdir -p b/$(seq -s / 100); mv a b/$(seq -s / 100); mv b a; done; touch /ready; exec sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/ready").ExitCode == 0, "it is made");
        host.Sampan("cp", id + ":/a", Path.Combine(host.Folder, "a")).ShouldFailInOneLine(1, "file name too long");
        host.SampanInto("/dev/null", "cp", id + ":/a", "-").ShouldFailInOneLine(1, "file name too long");
        host.SampanInto("/dev/null", "export", id).ShouldFailInOneLine(1, "file name too long");
        host.Sampan("diff", id).ShouldFailInOneLine(1, "file name too long");
        host.Sampan("commit", id, "deep").ShouldFailInOneLine(1, "file name too long");
        host.Sampan("images", "-q", "deep").ShouldSucceed().ShouldBeEmpty();
        host.Sampan("ps", "-s").ShouldSucceed();
        host.Sampan("rm", "-f", id).ShouldSucceed();
        Host.Shell("test -e \"$1/a\" && find \"$1/a\" -depth -delete || true", host.Folder);
        host.Sampan("system", "check").ShouldSucceed();
    }
}
