namespace Sampan.EndToEnd.Failures;

/// <summary>Every record of a container is truncated, emptied or filled with rubbish in turn: the others are unaffected, and the broken one can be removed.</summary>
public sealed class DamagedRecordTests : IDisposable
{
    private readonly BusyboxHost _host = new();

    public static TheoryData<string, string> Damages()
    {
        var data = new TheoryData<string, string>();
        foreach (var file in (ReadOnlySpan<string>)["container.json", "state.json"])
        {
            foreach (var damage in (ReadOnlySpan<string>)["empty", "truncated", "rubbish", "another type"])
            {
                data.Add(file, damage);
            }
        }

        // A state names no container, and a container without one was never started.
        data.Add("container.json", "another container's");
        data.Add("container.json", "missing");

        return data;
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void The_others_are_unaffected(string file, string damage)
    {
        var well = _host.Detached("--name", "well", "-v", "data:/data", "busybox", "sleep", "1000");
        var broken = _host.Sampan("create", "--name", "broken", "-v", "kept:/kept", "busybox", "true").ShouldSucceed();
        _host.Sampan("start", "-a", "broken").ShouldSucceed();
        var path = Path.Combine(_host.Root, "containers", broken, file);
        var whole = File.ReadAllText(path);
        File.WriteAllText(path, damage switch
        {
            "empty" => "",
            "truncated" => whole[..(whole.Length / 2)],
            "rubbish" => "\u0000\u0001rubbish{",
            "another container's" => whole.Replace(broken, well, StringComparison.Ordinal),
            _ => "[1, 2]",
        });
        if (damage == "missing")
        {
            File.Delete(path);
        }

        var byId = damage is "empty" or "missing";

        _host.Sampan("ps", "-q", "--no-trunc").ShouldSucceed().ShouldBe(well);
        _host.Sampan("ps", "-aq").ExitCode.ShouldBe(0);
        _host.Sampan("exec", "well", "echo", "alive").ShouldSucceed().ShouldBe("alive");
        _host.Sampan("run", "--rm", "busybox", "echo", "another").ShouldSucceed().ShouldBe("another");
        var found = _host.Sampan("system", "check");
        found.ExitCode.ShouldBe(1);
        found.Output.ShouldContain(file == "state.json" ? "broken" : broken);
        if (file == "state.json")
        {
            _host.Sampan("ps", "-a", "--filter", "name=broken", "--format", "{{.Status}}").ShouldSucceed().ShouldBe("Dead");
            _host.Inspect("broken").GetProperty("State").GetProperty("Error").GetString().ShouldStartWith("state.json is damaged");
            _host.Sampan("rm", "broken").ShouldSucceed();
        }
        else
        {
            _host.Sampan("ps", "-a", "--filter", "name=broken", "--format", "{{.ID}} {{.Image}} {{.Status}}").ShouldSucceed().ShouldBe(broken[..12] + " <damaged> Dead (record damaged)");
            _host.Sampan("inspect", "broken").ShouldFail(1, "the record of container " + broken, "rm -f");
            _host.Sampan("rm", "broken").ShouldFailInOneLine(1, "the record of container", "rm -f");

            // Nobody knows what it uses: it may be anything.
            _host.Sampan("volume", "create", "lone").ShouldSucceed();
            _host.Sampan("volume", "rm", "lone").ShouldFailInOneLine(1, "may be in use by container " + broken, "rm -f");
            _host.Sampan("volume", "rm", "data").ShouldFailInOneLine(1, "volume is in use - [" + well);
            var dangling = _host.Sampan("volume", "ls", "-qf", "dangling=true");
            dangling.ShouldSucceed().ShouldBeEmpty();
            dangling.Error.ShouldContain("the record of container " + broken);
            _host.Sampan("volume", "prune", "-af").ShouldSucceed().ShouldBe("Total reclaimed space: 0B");
            _host.Sampan("rmi", "busybox").ShouldFail(1, "conflict");
            _host.Sampan("container", "prune", "-f").ShouldSucceed().ShouldBe("Total reclaimed space: 0B");
            _host.Sampan("create", "--name", "broken", "busybox").ShouldFailInOneLine(1, "is already in use by container", broken);

            _host.Sampan("rm", "-f", byId ? broken[..12] : "broken").ShouldSucceed();
            _host.Sampan("volume", "ls", "-qf", "dangling=true").ShouldSucceed().ShouldBe("kept\nlone");
            _host.Sampan("volume", "rm", "kept", "lone").ShouldSucceed();
        }

        _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
        _host.Sampan("ps", "-aq", "--no-trunc").ShouldSucceed().ShouldBe(well);
        _host.Sampan("create", "--name", "broken", "busybox").ShouldSucceed();
    }

    [Fact]
    public void A_container_whose_record_is_damaged_while_it_runs_is_killed_and_removed()
    {
        var id = _host.Detached("--name", "running", "busybox", "sleep", "1000");
        File.WriteAllText(Path.Combine(_host.Root, "containers", id, "container.json"), "{");
        _host.Sampan("ps", "--format", "{{.Names}} {{.Status}}").ShouldSucceed().ShouldStartWith("running Up ");
        _host.Sampan("rm", "-f", "running").ShouldSucceed().ShouldBe("running");
        Patience.ShouldCome(() => _host.Monitors().Count == 0, "the monitor is left");
        Directory.Exists(Path.Combine(_host.Root, "containers", id)).ShouldBeFalse();
        File.Exists(Path.Combine(_host.Root, "names/running")).ShouldBeFalse();
        _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
    }

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();
}
