namespace Sampan.EndToEnd.Containers;

/// <summary>logs, its options, following and rotation.</summary>
public sealed class LogTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Both_streams_are_kept_apart_and_in_order()
    {
        host.Sampan("run", "--name", "both", "busybox", "sh", "-c", "echo one; echo two >&2; printf three");
        var logs = host.Sampan("logs", "both");
        logs.ShouldSucceed().ShouldBe("one\nthree");
        logs.Error.ShouldBe("two\n");
    }

    [Fact]
    public void Tail_since_until_and_timestamps()
    {
        host.Sampan("run", "--name", "counted", "busybox", "seq", "10").ShouldSucceed();
        host.Sampan("logs", "--tail", "3", "counted").ShouldSucceed().ShouldBe("8\n9\n10");
        host.Sampan("logs", "-n", "0", "counted").ShouldSucceed().ShouldBeEmpty();
        host.Sampan("logs", "--tail", "all", "counted").Lines.Count.ShouldBe(10);
        host.Sampan("logs", "-t", "--tail", "1", "counted").ShouldSucceed().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z 10$");
        host.Sampan("logs", "--since", "1h", "counted").Lines.Count.ShouldBe(10);
        host.Sampan("logs", "--until", "1h", "counted").ShouldSucceed().ShouldBeEmpty();
        host.Sampan("logs", "--since", "soon", "counted").ShouldFail(1, "soon");
    }

    [Fact]
    public void Moments_are_taken_as_docker_takes_them()
    {
        host.Sampan("run", "--name", "timed", "busybox", "sh", "-c", "echo first; sleep 1.1; echo second").ShouldSucceed();
        var times = host.Sampan("logs", "-t", "timed").Lines.Select(line => DateTimeOffset.Parse(line.Split(' ')[0])).ToArray();
        var between = times[0] + ((times[1] - times[0]) / 2);
        var seconds = ((between - DateTimeOffset.UnixEpoch).Ticks / 1e7m).ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var moment in new[] { seconds, between.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ"), between.ToString("yyyy-MM-ddTHH:mm:ss.fffffff") + "99+00:00" })
        {
            host.Sampan("logs", "--since", moment, "timed").ShouldSucceed().ShouldBe("second", moment);
            host.Sampan("logs", "--until", moment, "timed").ShouldSucceed().ShouldBe("first", moment);
            host.Sampan("logs", "--since", moment, "--tail", "2", "-f", "timed").ShouldSucceed().ShouldBe("second", moment);
        }

        host.Sampan("logs", "--since", "1h30m", "--until", "-1s", "timed").Lines.Count.ShouldBe(2);
        host.Sampan("logs", "--since", between.ToString("yyyy-MM-dd"), "timed").Lines.Count.ShouldBe(2);
        host.Sampan("logs", "--until", "2013-01-02T13", "timed").ShouldSucceed().ShouldBeEmpty();
        host.Sampan("logs", "--since", "2013-1-2", "timed").ShouldFail(1, "invalid value for \"since\"");
    }

    [Fact]
    public void Following_ends_with_the_container_and_misses_nothing()
    {
        var id = host.Detached("busybox", "sh", "-c", "for i in $(seq 20); do echo $i; sleep 0.05; done");
        host.Sampan("logs", "-f", id).Lines.ShouldBe(Enumerable.Range(1, 20).Select(i => i.ToString()));
    }

    [Fact]
    public void Rotation_bounds_the_files_and_following_crosses_it()
    {
        const int Count = 30000;
        var id = host.Detached("--log-opt", "max-size=100k", "--log-opt", "max-file=100", "busybox", "seq", "1", Count.ToString());
        var lines = host.Sampan("logs", "-f", id).Lines;
        lines.Count.ShouldBe(Count);
        lines[^1].ShouldBe(Count.ToString());

        var small = host.Detached("--log-opt", "max-size=50k", "--log-opt", "max-file=2", "busybox", "seq", "1", Count.ToString());
        host.Sampan("wait", small).ShouldSucceed();
        var kept = host.Sampan("logs", small).Lines;
        kept.Count.ShouldBeLessThan(Count);
        kept[^1].ShouldBe(Count.ToString());
        Directory.GetFiles(Path.Combine(host.Root, "containers", small), "*log*").Sum(file => new FileInfo(file).Length).ShouldBeLessThan(150_000);
    }

    [Fact]
    public void Rotation_is_on_by_default()
    {
        var id = host.Detached("busybox", "sh", "-c", "yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -c 45000000");
        host.Sampan("wait", id).ShouldSucceed();
        Directory.GetFiles(Path.Combine(host.Root, "containers", id), "*log*").Sum(file => new FileInfo(file).Length).ShouldBeLessThan(3 * 11 * 1024 * 1024);
        host.Sampan("rm", id).ShouldSucceed();
    }

    [Fact]
    public void A_line_longer_than_any_buffer_and_bytes_that_are_not_text_come_back_whole()
    {
        host.Sampan("run", "--name", "long", "busybox", "sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x; echo").ShouldSucceed();
        host.Sampan("logs", "long").ShouldSucceed().ShouldBe(new string('x', 300000));

        host.Sampan("run", "--name", "quotes", "busybox", "printf", "a\"b\\\\c\\td\\001\\n").ShouldSucceed();
        host.Sampan("logs", "quotes").ShouldSucceed().ShouldBe("a\"b\\c\td\u0001");
    }

    [Fact]
    public void Output_of_a_terminal_is_logged_too()
    {
        host.Sampan("run", "-t", "--name", "typed", "busybox", "echo", "on a tty").ShouldSucceed();
        host.Sampan("logs", "typed").ShouldSucceed().Trim().ShouldBe("on a tty");
    }

    [Fact]
    public void No_line_is_lost_by_a_fast_writer()
    {
        var id = host.Detached("--log-opt", "max-size=1g", "busybox", "seq", "1", "500000");
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("0");
        Host.Shell("\"${@:2}\" logs \"$1\" | cmp - <(seq 1 500000) && echo same", [id, Host.Binary, .. host.Arguments()]).ShouldBe("same");
        host.Sampan("rm", id).ShouldSucceed();
    }
}
