namespace Sampan.EndToEnd.Failures.Sieges;

/// <summary>A tree deeper than any path ends neither the stack nor the descriptors of who reads it.</summary>
public sealed class MonstrousTreeTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
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
