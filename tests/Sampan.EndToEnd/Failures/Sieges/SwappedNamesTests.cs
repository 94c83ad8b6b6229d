using Sampan.EndToEnd.Runtime.Escapes;

namespace Sampan.EndToEnd.Failures.Sieges;

/// <summary>
/// Every command that reads or writes a container's files against a container that exchanges them for links to the host's as fast as it can
/// (renameat2(2), RENAME_EXCHANGE): nothing of the host is read or written, no command hangs or breaks.
/// </summary>
public sealed class SwappedNamesTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Rounds = 4;

    /// <summary>What is exchanged for what: the host's canary file and folder, its root, the folder above.</summary>
    [Theory]
    [InlineData("mkdir -p /p/deep; echo inside > /p/file; echo inside > /p/deep/file", "$1")]
    [InlineData("mkdir -p /p/deep; echo inside > /p/file; echo inside > /p/deep/file", "/")]
    [InlineData("mkdir -p /p/deep; echo inside > /p/file; echo inside > /p/deep/file", "..")]
    [InlineData("echo inside > /p", "$1/file")]
    [InlineData("echo inside > /p", "/etc/shadow")]
    [InlineData("mkfifo /p", "$1/file")]
    public void Lead_nowhere(string make, string link)
    {
        using var canary = new Canary(host.Folder);
        var shadow = File.GetLastWriteTimeUtc("/etc/shadow");
        var secrets = Path.Combine(host.Folder, "secrets");
        File.WriteAllLines(secrets, [canary.Content, .. File.ReadAllLines("/etc/shadow").Where(line => line.StartsWith("root:", StringComparison.Ordinal))]);
        var target = link.Replace("$1", canary.Folder);
        var id = host.Detached("busybox", "sh", "-c", $"mkdir /w; cd /w; {make.Replace(" /p", " /w/p")}; ln -s '{target}' /w/l; touch /ready; exec sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/ready").ExitCode == 0, "the files are there");
        var source = Path.Combine(host.Folder, "source");
        Host.Shell("rm -rf \"$1\"; mkdir -p \"$1/p/deep\"; echo new > \"$1/p/deep/file\"; echo new > \"$1/p/file\"; ln \"$1/p/file\" \"$1/p/second\"; tar cf \"$1.tar\" -C \"$1\" p; echo new > \"$1/f\"", source);
        var place = $"/proc/{host.Pid(id)}/root/w/";
        using (var racer = new Racer(host.Folder, place + "p", place + "l"))
        {
            for (var round = 0; round < Rounds; round++)
            {
                Read(id, secrets);
                host.Sampan("cp", Path.Combine(source, "p/."), id + ":/w/p").ShouldBeComposed();
                host.Sampan("cp", Path.Combine(source, "p"), id + ":/w").ShouldBeComposed();
                host.Sampan("cp", Path.Combine(source, "p/second"), id + ":/w/p/deep/file").ShouldBeComposed();
                host.Sampan("cp", "-a", Path.Combine(source, "f"), id + ":/w/p").ShouldBeComposed();
                host.SampanFrom(source + ".tar", "cp", "-", id + ":/w").ShouldBeComposed();
                host.SampanFrom(source + ".tar", "cp", "-", id + ":/w/p").ShouldBeComposed();
            }

            racer.ShouldHaveRun(Rounds);
        }

        canary.ShouldBeUntouched();
        File.GetLastWriteTimeUtc("/etc/shadow").ShouldBe(shadow);
        host.Sampan("rm", "-f", id).ShouldSucceed();
        host.Sampan("system", "check").ShouldSucceed();
    }

    private void Read(string id, string secrets)
    {
        var into = Path.Combine(host.Folder, "out");
        Directory.CreateDirectory(into);
        host.Sampan("cp", id + ":/w/p", into).ShouldBeComposed();
        host.Sampan("cp", "-a", id + ":/w/p/.", into).ShouldBeComposed();
        host.Sampan("cp", "-L", id + ":/w/p", Path.Combine(into, "followed")).ShouldBeComposed();
        host.Sampan("cp", id + ":/w", into).ShouldBeComposed();
        host.Sampan("diff", id).ShouldBeComposed();
        foreach (var (name, words) in new (string, string[])[]
        {
            ("file.tar", ["cp", "-L", id + ":/w/p", "-"]),
            ("tree.tar", ["cp", id + ":/w", "-"]),
            ("export.tar", ["export", id]),
        })
        {
            if (host.SampanInto(Path.Combine(into, name), words).ShouldBeComposed())
            {
                Host.Shell("tar tf \"$1\" > /dev/null", Path.Combine(into, name));
            }
        }

        if (host.Sampan("commit", "--pause=false", id, "siege").ShouldBeComposed())
        {
            host.SampanInto(Path.Combine(into, "image.tar"), "save", "siege").ShouldSucceed();
            host.Sampan("rmi", "-f", "siege").ShouldSucceed();
        }

        Host.Shell("! grep -rqsFf \"$2\" \"$1\"", into, secrets);
        Host.Shell("rm -rf \"$1\"", into);
    }
}
