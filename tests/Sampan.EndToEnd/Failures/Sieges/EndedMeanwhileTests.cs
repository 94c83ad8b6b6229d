namespace Sampan.EndToEnd.Failures.Sieges;

/// <summary>cp, diff, export, commit and logs of a container that ends, is killed or removed in the middle: all of it, or an error; never a half that looks whole.</summary>
public sealed class EndedMeanwhileTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Files = 2000;
    private const string Tree = "mkdir -p /w/a /w/b; cd /w/a; seq 1000 | xargs touch; cd ../b; seq 1000 | xargs touch; head -c 3000000 /dev/zero > /w/zeros; touch /ready; while [ ! -e /end ]; do sleep 0.01; done";

    [Theory]
    [InlineData("cp", "exec NAME touch /end")]
    [InlineData("cp", "kill NAME")]
    [InlineData("cp", "rm -f NAME")]
    [InlineData("export", "exec NAME touch /end")]
    [InlineData("export", "kill NAME")]
    [InlineData("export", "rm -f NAME")]
    public void A_stream_that_is_not_read_meanwhile_is_whole_or_fails(string verb, string end)
    {
        var name = Make();
        var fifo = Path.Combine(host.Folder, name);
        Host.Shell("mkfifo \"$1\"", fifo);
        string[] words = verb == "cp" ? ["cp", name + ":/w", "-"] : ["export", name];

        // The reader holds the pipe open and takes nothing yet.
        using var stream = new RunningCommand("/bin/bash", ["-c", "exec 5<>\"$0\"; exec \"$@\" >&5", fifo, Host.Binary, .. host.Arguments(words)]);
        Patience.ShouldCome(() => Blocked(stream.Pid), "its pipe is full");
        host.Sampan(end.Replace("NAME", name).Split(' ')).ShouldSucceed();
        if (!end.StartsWith("rm", StringComparison.Ordinal))
        {
            Patience.ShouldCome(() => host.Status(name) == "exited", "it has ended");
        }

        var archive = fifo + ".tar";
        using var reader = new RunningCommand("/bin/bash", ["-c", "exec cat \"$0\" > \"$1\"", fifo, archive]);
        var result = stream.Wait();
        result.ShouldBeComposed();
        reader.Wait().ShouldSucceed();
        if (end.StartsWith("rm", StringComparison.Ordinal))
        {
            result.ShouldFailInOneLine(1, "No such container: " + name, "removed");
        }
        else
        {
            result.ShouldSucceed();
            Host.Shell("tar tf \"$1\" | grep -cE '(^|/)w/[ab]/[0-9]+$'", archive).ShouldBe($"{Files}");
        }

        Host.Shell("rm -f \"$1\" \"$1.tar\"", fifo);
        Remove(name);
        host.Sampan("system", "check").ShouldSucceed();
    }

    [Theory]
    [InlineData("rm", "-f")]
    [InlineData("kill")]
    [InlineData("stop", "-t", "0")]
    public void A_copy_at_any_moment_of_the_end_is_whole_or_fails(params string[] end)
    {
        for (var round = 0; round < 12; round++)
        {
            var name = Make();
            var into = Path.Combine(host.Folder, name);
            using var copy = host.Start("cp", name + ":/w", into);
            using var commit = host.Start("commit", name, name + "-image");
            using var diff = host.Start("diff", name);
            Thread.SpinWait(round * 1_000_000);
            host.Sampan([.. end, name]).ShouldSucceed();
            if (copy.Wait().ShouldBeComposed())
            {
                Host.Shell("find \"$1/a\" \"$1/b\" -type f | wc -l", into).ShouldBe($"{Files}");
            }

            if (diff.Wait().ShouldBeComposed())
            {
                diff.Output.Split('\n').Count(line => line.StartsWith("A /w/a/", StringComparison.Ordinal) || line.StartsWith("A /w/b/", StringComparison.Ordinal)).ShouldBe(Files);
            }

            if (commit.Wait().ShouldBeComposed())
            {
                host.Run("find /w/a /w/b -type f | wc -l").ShouldBe("0");
                host.Sampan("run", "--rm", name + "-image", "sh", "-c", "find /w/a /w/b -type f | wc -l").ShouldSucceed().ShouldBe($"{Files}");
                host.Sampan("rmi", "-f", name + "-image").ShouldSucceed();
            }
            else
            {
                host.Sampan("images", "-q", name + "-image").ShouldSucceed().ShouldBeEmpty();
            }

            Host.Shell("rm -rf \"$1\"", into);
            Remove(name);
        }

        host.Sampan("system", "check").ShouldSucceed();
    }

    [Fact]
    public void A_stopped_container_removed_during_a_commit_makes_no_image_of_its_rest()
    {
        for (var round = 0; round < 12; round++)
        {
            var name = Make();
            host.Sampan("stop", "-t", "0", name).ShouldSucceed();
            using var commit = host.Start("commit", name, name + "-image");
            Thread.SpinWait(round * 500_000);
            host.Sampan("rm", name).ShouldSucceed();
            if (commit.Wait().ShouldBeComposed())
            {
                host.Sampan("run", "--rm", name + "-image", "sh", "-c", "find /w/a /w/b -type f | wc -l").ShouldSucceed().ShouldBe($"{Files}");
                host.Sampan("rmi", "-f", name + "-image").ShouldSucceed();
            }

            Remove(name);
        }

        host.Sampan("system", "check").ShouldSucceed();
    }

    private string Make()
    {
        var name = "m" + Guid.NewGuid().ToString("N")[..8];
        var root = $"/proc/{host.Pid(host.Detached("--name", name, "busybox", "sh", "-c", Tree))}/root";
        Patience.ShouldCome(() => File.Exists(root + "/ready"), "the tree is there");
        return name;
    }

    private void Remove(string name) => host.Sampan("rm", "-f", name).ExitCode.ShouldBeOneOf(0, 1);

    private static bool Blocked(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/wchan") is "pipe_write" or "anon_pipe_write" or "wait_for_space";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
