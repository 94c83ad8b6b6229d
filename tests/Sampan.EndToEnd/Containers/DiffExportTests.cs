namespace Sampan.EndToEnd.Containers;

/// <summary>diff and export: what a container changed, and all it has.</summary>
public sealed class DiffExportTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const string Changes =
        "echo x >> /etc/group; rm /bin/vi; mkdir -p /new/deep; echo y > /new/deep/file; rm -rf /var/spool; mkdir /var/spool; chmod 700 /home; echo v > /vol/file";

    [Fact]
    public void Diff_tells_what_was_added_changed_and_deleted()
    {
        var id = host.Sampan("create", "-v", "/vol", "busybox", "sh", "-c", Changes).ShouldSucceed();
        host.Sampan("diff", id).ShouldSucceed().ShouldBeEmpty();
        host.Sampan("start", "-a", id).ShouldSucceed();
        host.Sampan("diff", id).Lines.ShouldBe(
            ["C /bin", "D /bin/vi", "C /etc/group", "C /home", "A /new", "A /new/deep", "A /new/deep/file", "C /var", "C /var/spool", "D /var/spool/mail", "A /vol"],
            ignoreOrder: false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Export_writes_the_merged_tree_without_what_is_mounted(bool running)
    {
        var id = host.Detached("-v", "/vol", "busybox", "sh", "-c", Changes + "; touch /ready; exec sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/ready").ExitCode == 0, "the changes are made");
        if (!running)
        {
            host.Sampan("stop", "-t", "0", id).ShouldSucceed();
        }

        var archive = Path.Combine(host.Folder, $"export-{running}.tar");
        host.Sampan("export", "-o", archive, id).ShouldSucceed().ShouldBeEmpty();
        var names = Host.Shell("tar tf \"$1\"", archive).Split('\n');
        names.ShouldContain("new/deep/file");
        names.ShouldContain("bin/sh");
        names.ShouldContain("vol/");
        names.ShouldNotContain("vol/file");
        names.ShouldNotContain("bin/vi");
        names.ShouldNotContain("var/spool/mail/");
        names.ShouldNotContain(name => name.StartsWith("proc/", StringComparison.Ordinal) && name.Length > 5);
        Host.Shell("tar xOf \"$1\" etc/group | tail -1", archive).Trim().ShouldBe("x");
        var image = host.Sampan("import", "--change", "CMD [\"cat\",\"/new/deep/file\"]", archive, "exported:" + (running ? "a" : "b")).ShouldSucceed();
        image.ShouldStartWith("sha256:");
        host.Sampan("run", "--rm", "exported:" + (running ? "a" : "b")).ShouldSucceed().ShouldBe("y");
    }
}
