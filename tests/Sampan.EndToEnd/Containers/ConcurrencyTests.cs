namespace Sampan.EndToEnd.Containers;

/// <summary>Many commands at once.</summary>
public sealed class ConcurrencyTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Of_many_that_want_one_name_one_gets_it()
    {
        var commands = Enumerable.Range(0, 16).Select(_ => host.Start("run", "-d", "--name", "wanted", "busybox", "sleep", "1000")).ToList();
        var results = commands.ConvertAll(command => command.Wait());
        results.Count(result => result.ExitCode == 0).ShouldBe(1);
        foreach (var loser in results.Where(result => result.ExitCode != 0))
        {
            loser.ShouldFailInOneLine(125, "/wanted", "already in use");
        }

        host.Sampan("ps", "-aq").Lines.Count.ShouldBe(1);
        host.Sampan("rm", "-f", "wanted").ShouldSucceed();
    }

    [Fact]
    public void Two_hundred_containers_sixteen_at_a_time()
    {
        const int Count = 200, AtATime = 16;
        Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, i =>
        {
            host.Sampan("run", "-d", "--name", $"one-of-many-{i}", "busybox", "sleep", "1000").ShouldSucceed();
        });
        host.Sampan("ps", "-q").Lines.Count.ShouldBe(Count);
        host.Monitors().Count.ShouldBe(Count);

        Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, i =>
        {
            host.Sampan("rm", "-f", $"one-of-many-{i}").ShouldSucceed().ShouldBe($"one-of-many-{i}");
        });
        host.Sampan("ps", "-aq").ShouldSucceed().ShouldBeEmpty();
        Patience.ShouldCome(() => host.Monitors().Count == 0, "every monitor ends");
    }

    [Fact]
    public void Starting_stopping_and_removing_one_container_from_many_sides_ends_in_one_truth()
    {
        host.Sampan("create", "--name", "contested", "busybox", "sleep", "1000").ShouldSucceed();
        string[][] verbs = [["start"], ["stop", "-t", "0"], ["kill"], ["restart", "-t", "0"]];
        Parallel.For(0, 48, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            host.Sampan([.. verbs[i % verbs.Length], "contested"]).ExitCode.ShouldBeOneOf(0, 1);
        });
        host.Sampan("rm", "-f", "contested").ShouldSucceed();
        host.Sampan("ps", "-aq").ShouldSucceed().ShouldBeEmpty();
    }
}
