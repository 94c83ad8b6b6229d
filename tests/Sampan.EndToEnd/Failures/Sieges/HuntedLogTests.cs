using System.Globalization;

namespace Sampan.EndToEnd.Failures.Sieges;

/// <summary>logs of a container that writes as fast as it can, over hundreds of rotations, and ends in the middle: whole lines in order, none twice, and an end.</summary>
public sealed class HuntedLogTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Rounds = 25;
    private const string Talker = "i=0; while :; do echo \"line $i end\"; i=$((i+1)); done";

    [Theory]
    [InlineData("json-file", "rm", "-f")]
    [InlineData("json-file", "kill")]
    [InlineData("local", "rm", "-f")]
    [InlineData("local", "stop", "-t", "0")]
    public void Lines_are_whole_and_in_order(string driver, params string[] end)
    {
        var id = host.Detached("--log-driver", driver, "--log-opt", "max-size=20k", "--log-opt", "max-file=3", "--log-opt", "compress=true", "busybox", "sh", "-c", Talker);
        using var all = host.Start("logs", "-f", id);
        using var tail = host.Start("logs", "-f", "--tail", "7", id);
        using var recent = host.Start("logs", "-f", "--since", "1s", id);
        using var ending = host.Start("logs", "-f", "--until", "-2s", id);
        Patience.ShouldCome(() => all.Output.Length > 0 && tail.Output.Length > 0 && recent.Output.Length > 0, "all of them follow");
        for (var round = 0; round < Rounds; round++)
        {
            string[] options = (round % 4) switch { 0 => [], 1 => ["--tail", "100"], 2 => ["--since", "1s"], _ => ["-t", "--details", "--tail", "1000"] };
            var result = host.Sampan(["logs", .. options, id]);
            result.ShouldBeComposed().ShouldBeTrue();
            if (round % 4 != 3)
            {
                ShouldBeInOrder(result.Output);
            }

            if (round % 4 == 1)
            {
                result.Lines.Count.ShouldBe(100);
            }
        }

        ending.Wait().ShouldBeComposed().ShouldBeTrue();
        host.Sampan([.. end, id]).ShouldSucceed();
        foreach (var follower in new[] { all, tail, recent })
        {
            var result = follower.Wait();
            result.ShouldBeComposed().ShouldBeTrue();
            ShouldBeInOrder(result.Output);
        }

        ShouldBeInOrder(ending.Output);
        host.Sampan("rm", "-f", id).ExitCode.ShouldBeOneOf(0, 1);
        host.Sampan("system", "check").ShouldSucceed();
    }

    private static void ShouldBeInOrder(string output)
    {
        var last = -1L;
        output.ShouldEndWith("\n");
        foreach (var line in output.TrimEnd('\n').Split('\n'))
        {
            var words = line.Split(' ');
            (words is ["line", _, "end"]).ShouldBeTrue($"a torn line: {line}");
            var number = long.Parse(words[1], CultureInfo.InvariantCulture);
            number.ShouldBeGreaterThan(last);
            last = number;
        }
    }
}
