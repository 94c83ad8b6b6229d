namespace Sampan.EndToEnd.Failures.Sieges;

/// <summary>cp, diff, export and commit of files that are truncated, grow, and become something else while they are read: what comes out is well formed.</summary>
public sealed class ChangingFilesTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Rounds = 12;

    private const string Turmoil = """
        mkdir /w; cd /w; echo x > kept
        grow() { while :; do head -c 3000000 /dev/zero >> size; head -c 2000000 /dev/urandom >> size; : > size; done; }
        become() { while :; do
            echo x > what; rm what; mkfifo what; rm what; mknod what c 1 3; rm what; mkdir -p what/deep/er; echo y > what/deep/er/f; rm -rf what
            ln -s / what; rm what; ln kept what; rm what; done; }
        come() { while :; do mkdir -p many/a/b many/c; for i in 0 1 2 3 4 5 6 7 8 9; do echo $i > many/a/b/$i; done; rm -rf many; done; }
        grow & become & come & touch /ready; wait
        """;

    [Fact]
    public void Come_out_well_formed_and_bounded()
    {
        var id = host.Detached("--init", "busybox", "sh", "-c", Turmoil);
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/ready").ExitCode == 0, "it has begun");
        for (var round = 0; round < Rounds; round++)
        {
            Archive(id, "cp", id + ":/w", "-");
            Archive(id, "cp", id + ":/w/size", "-");
            Archive(id, "export", id);
            var into = Directory.CreateDirectory(Path.Combine(host.Folder, "into")).FullName;
            host.Sampan("cp", "-a", id + ":/w", into).ShouldSucceed();
            File.ReadAllText(Path.Combine(into, "w/kept")).ShouldBe("x\n");
            Host.Shell("rm -rf \"$1\"", into);
            host.Sampan("cp", "-L", id + ":/w/what", into).ShouldBeComposed();
            Host.Shell("rm -rf \"$1\"", into);
            host.Sampan("diff", id).ShouldSucceed().ShouldContain("A /w/kept\n");
            host.Sampan("commit", round % 2 == 0 ? "--pause=false" : "--pause=true", id, "turmoil").ShouldSucceed();
            host.Sampan("run", "--rm", "turmoil", "cat", "/w/kept").ShouldSucceed().ShouldBe("x");
            host.Sampan("rmi", "turmoil").ShouldSucceed();
        }

        host.Sampan("rm", "-f", id).ShouldSucceed();
        host.Sampan("system", "check").ShouldSucceed();
    }

    private void Archive(string id, params string[] words)
    {
        var file = Path.Combine(host.Folder, id[..12] + ".tar");
        host.SampanInto(file, words).ShouldSucceed();
        Host.Shell("tar tf \"$1\" > /dev/null; rm \"$1\"", file);
    }
}
