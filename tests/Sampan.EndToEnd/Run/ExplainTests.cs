using System.Text.RegularExpressions;

namespace Sampan.EndToEnd.Run;

/// <summary>--explain and --trace: nothing a start asks of the kernel is hidden.</summary>
public sealed class ExplainTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Explain_prints_every_step_in_order_and_runs_nothing()
    {
        // A monitor of the test before may be on its way out.
        var before = host.Monitors();
        var result = host.Sampan("run", "--explain", "--name", "explained", "busybox", "echo", "did run");
        var text = result.ShouldSucceed();
        text.ShouldNotContain("\ndid run\n");
        string[] inOrder = ["in the command\n", "symlinkat ", "execveat ", "in the monitor\n", "/memory/sampan/", "clone3 ", "mount overlay ", "fsopen proc ", "pivot_root ", "seccomp ", "execve "];
        inOrder.ShouldAllBe(word => text.Contains(word), text);
        var at = -1;
        foreach (var word in inOrder)
        {
            var next = text.IndexOf(word, at + 1, StringComparison.Ordinal);
            next.ShouldBeGreaterThan(at, $"{word} after the words before it in\n{text}");
            at = next;
        }

        host.Sampan("ps", "-aq").ShouldSucceed().ShouldBeEmpty();
        host.Monitors().Except(before).ShouldBeEmpty();
    }

    [Fact]
    public void Explain_of_two_starts_differs_only_in_names()
    {
        static string Neutral(string text) => Regex.Replace(text, "[0-9a-f]{12,64}", "ID");
        var first = host.Sampan("run", "--rm", "--name", "same", "--explain", "busybox", "true").ShouldSucceed();
        var second = host.Sampan("run", "--rm", "--name", "same", "--explain", "busybox", "true").ShouldSucceed();
        Neutral(second).ShouldBe(Neutral(first));
    }

    [Fact]
    public void Trace_runs_and_gives_every_step_its_time()
    {
        var result = host.Sampan("run", "--rm", "--trace", "busybox", "echo", "did run");
        result.ShouldSucceed();
        result.Output.ShouldContain("did run");
        (result.Output + result.Error).ShouldContain("µs");
        (result.Output + result.Error).ShouldContain("%");
        (result.Output + result.Error).ShouldContain("pivot_root");
    }
}
