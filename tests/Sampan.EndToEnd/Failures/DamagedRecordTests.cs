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

        return data;
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void The_others_are_unaffected(string file, string damage)
    {
        var well = _host.Detached("--name", "well", "busybox", "sleep", "1000");
        var broken = _host.Sampan("create", "--name", "broken", "busybox", "true").ShouldSucceed();
        _host.Sampan("start", "-a", "broken").ShouldSucceed();
        var path = Path.Combine(_host.Root, "containers", broken, file);
        var whole = File.ReadAllText(path);
        File.WriteAllText(path, damage switch
        {
            "empty" => "",
            "truncated" => whole[..(whole.Length / 2)],
            "rubbish" => "\u0000\u0001rubbish{",
            _ => "[1, 2]",
        });

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
            _host.Sampan("rm", "-f", broken).ShouldFailInOneLine(1, "the record of container", "system check --repair");
            _host.Sampan("system", "check", "--repair").ShouldSucceed();
        }

        _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
        _host.Sampan("ps", "-aq", "--no-trunc").ShouldSucceed().ShouldBe(well);
        _host.Sampan("create", "--name", "broken", "busybox").ShouldSucceed();
    }

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();
}
