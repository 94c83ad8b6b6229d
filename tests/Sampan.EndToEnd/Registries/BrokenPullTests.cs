using Sampan.Registries.Tests.Harness;

namespace Sampan.EndToEnd.Registries;

/// <summary>Pulls that break, are killed, come together, or find the disk full.</summary>
public sealed class BrokenPullTests(RegistryHost registry) : IClassFixture<RegistryHost>, IDisposable
{
    private const int Megabyte = 1 << 20;
    private readonly ClientHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_line_that_breaks_is_gone_on_with()
    {
        var name = registry.PushNoise("line/app:1", 3 * Megabyte);
        using var line = new BreakingLine(registry.Registry.Port, bytes: 700_000, times: 3);
        var there = name.Replace(registry.Address, line.Host);
        _host.Sampan("pull", there).ShouldSucceed();
        line.Broken.ShouldBe(3);
        _host.Sampan("run", "--rm", there, "stat", "-c", "%s", "/0").ShouldSucceed().ShouldBe($"{3 * Megabyte}");
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void What_came_before_a_pull_was_killed_does_not_come_again()
    {
        var name = registry.PushNoise("resumed/app:1", 32 * Megabyte);
        var left = 0L;
        for (var round = 0; round < 20 && left is < Megabyte or >= 32 * Megabyte; round++)
        {
            using var pull = _host.Start("pull", name);
            SpinWait.SpinUntil(() => pull.HasExited || Downloaded() > Megabyte, TimeSpan.FromSeconds(20));
            _ = Native.kill(pull.Pid, Native.SIGKILL);
            pull.Wait();
            left = Downloaded();
            if (left < Megabyte)
            {
                // It was too fast.
                _host.Sampan("rmi", name).ExitCode.ShouldBeOneOf(0, 1);
            }
        }

        left.ShouldBeInRange(Megabyte, 32 * Megabyte);
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
        _host.Sampan("pull", name).ShouldSucceed();
        registry.Registry.Requests().ShouldContain(request => request.StartsWith("GET /v2/resumed/app/blobs/") && request.EndsWith(" 206"));
        _host.Sampan("run", "--rm", name, "stat", "-c", "%s", "/0").ShouldSucceed().ShouldBe($"{32 * Megabyte}");
        Nothing_is_left();
    }

    /// <summary>However many want it: each layer comes once.</summary>
    [Fact]
    public void Pulls_that_come_together_share_the_work()
    {
        var name = registry.PushNoise("together/app:1", 4 * Megabyte, 3 * Megabyte, 2 * Megabyte, Megabyte);
        var other = registry.Push(name, "together/other:1");
        List<RunningCommand> pulls = [.. Enumerable.Range(0, 6).Select(number => _host.Start("pull", number % 2 == 0 ? name : other))];
        foreach (var pull in pulls)
        {
            using (pull)
            {
                pull.Wait().ShouldSucceed();
            }
        }

        var fetched = registry.BlobsFetched("together/app").Concat(registry.BlobsFetched("together/other")).GroupBy(digest => digest).Select(group => group.Count()).ToList();
        fetched.Count.ShouldBe(6);
        fetched.Count(count => count > 1).ShouldBe(1, "but for the configuration");
        _host.Sampan("run", "--rm", other, "stat", "-c", "%s", "/3").ShouldSucceed().ShouldBe($"{Megabyte}");
        Nothing_is_left();
    }

    /// <summary>Killed at any moment; the last goes on to the end.</summary>
    [Fact]
    public void A_pull_that_is_killed_leaves_nothing_that_is_wrong()
    {
        var name = registry.PushNoise("killed/app:1", 6 * Megabyte, 5 * Megabyte, 4 * Megabyte, Megabyte);
        var random = new Random(17);
        var killed = 0;
        for (var round = 0; round < 40; round++)
        {
            using (var pull = _host.Start("pull", name))
            {
                SpinWait.SpinUntil(() => pull.HasExited, random.Next(250));
                killed += pull.HasExited ? 0 : 1;
                _ = Native.kill(pull.Pid, Native.SIGKILL);
                pull.Wait();
            }

            _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
            if (_host.Sampan("images", "-q").Lines.Count > 0)
            {
                _host.Sampan("run", "--rm", name, "stat", "-c", "%s", "/0").ShouldSucceed().ShouldBe($"{6 * Megabyte}");
                _host.Sampan("rmi", name).ShouldSucceed();
            }
        }

        killed.ShouldBeGreaterThan(10);
        _host.Sampan("pull", name).ShouldSucceed();
        _host.Sampan("run", "--rm", name, "sh", "-c", "stat -c %s /0 /1 /2 /3").ShouldSucceed().Split('\n').ShouldBe([$"{6 * Megabyte}", $"{5 * Megabyte}", $"{4 * Megabyte}", $"{Megabyte}"]);
        Nothing_is_left();
    }

    [Fact]
    public void A_disk_that_fills_up_is_said_and_given_back()
    {
        var name = registry.PushNoise("full/app:1", 6 * Megabyte, 5 * Megabyte, 4 * Megabyte);
        var small = registry.PushNoise("full/small:1", 1000);
        using var disk = new Disk(_host.Root, "48m");
        try
        {
            _host.Sampan("pull", small).ShouldSucceed();
            foreach (var left in new[] { 0, 1, 2, 4, 7, 10, 13, 16, 20, 24 })
            {
                disk.Fill(left * (long)Megabyte);
                var before = disk.Used;
                _host.Sampan("pull", name).ShouldFail(1, "no space left on device", _host.Root);
                disk.Used.ShouldBeLessThanOrEqualTo(before + 65536, $"{left} MB were left");
                disk.Empty();
                _host.Sampan("run", "--rm", small, "true").ShouldSucceed();
                _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
            }

            disk.Empty();
            _host.Sampan("pull", name).ShouldSucceed();
            _host.Sampan("run", "--rm", name, "stat", "-c", "%s", "/0").ShouldSucceed().ShouldBe($"{6 * Megabyte}");
        }
        finally
        {
            _host.RemoveContainers();
        }
    }

    /// <summary>Bytes of blobs that are not there yet.</summary>
    private long Downloaded()
    {
        var folder = new DirectoryInfo(Path.Combine(_host.Root, "downloads"));
        return folder.Exists ? folder.EnumerateFiles().Select(file => file.Exists ? file.Length : 0).DefaultIfEmpty().Max() : 0;
    }

    private void Nothing_is_left()
    {
        Directory.GetFileSystemEntries(Path.Combine(_host.Root, "downloads")).ShouldBeEmpty();
        Directory.GetFileSystemEntries(Path.Combine(_host.Root, "work")).ShouldBeEmpty();
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
    }
}
