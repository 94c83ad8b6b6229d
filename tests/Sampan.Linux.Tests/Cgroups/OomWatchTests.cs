using Sampan.Linux.Cgroups;
using Sampan.Linux.Events;

namespace Sampan.Linux.Tests.Cgroups;

public sealed class OomWatchTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sampan-cgroup-").FullName;

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public void AGroupThatRunsOutOfMemoryWakesThePoll()
    {
        var hierarchy = CgroupHierarchy.Detect();
        var group = new TemporaryCgroup(hierarchy, new() { Memory = 16 << 20, MemorySwap = 16 << 20 });
        using (group)
        {
            using var idle = group.Start("exec sleep 1000");
            using var watch = group.Cgroup.WatchOom();
            watch.Drain().ShouldBe(default);
            Poll.Wait(watch.Descriptor.Number, EpollEvents.Readable, 0).ShouldBeFalse();
            group.Run("head -c 100000000 /dev/zero | tail -c 90000000 > /dev/null");
            Poll.Wait(watch.Descriptor.Number, EpollEvents.Readable, 10_000).ShouldBeTrue();
            watch.Drain().ShouldSatisfyAllConditions(notice => notice.Count.ShouldBeGreaterThan(0), notice => notice.Ended.ShouldBeFalse());
            Poll.Wait(watch.Descriptor.Number, EpollEvents.Readable, 0).ShouldBeFalse();
            group.Cgroup.Remove();
            idle.WaitForExit(10_000).ShouldBeTrue();
            Poll.Wait(watch.Descriptor.Number, EpollEvents.Readable, 10_000).ShouldBeTrue();
            watch.Drain().ShouldBe(new(0, true));
        }
    }

    [Fact]
    public void Version2TellsByItsFiles()
    {
        Write("memory.events", "oom 4\noom_kill 3\n");
        Write("cgroup.events", "populated 1\nfrozen 0\n");
        Write("cgroup.controllers", "memory\n");
        using var watch = new CgroupV2Hierarchy(new(_root, [], true)).Open("/one").WatchOom();
        watch.Drain().ShouldBe(default);
        Write("memory.events", "oom 6\noom_kill 5\n");
        Poll.Wait(watch.Descriptor.Number, EpollEvents.Readable, 10_000).ShouldBeTrue();
        watch.Drain().ShouldBe(new(2, false));
        Poll.Wait(watch.Descriptor.Number, EpollEvents.Readable, 0).ShouldBeFalse();
        Write("cgroup.events", "populated 0\nfrozen 0\n");
        Poll.Wait(watch.Descriptor.Number, EpollEvents.Readable, 10_000).ShouldBeTrue();
        watch.Drain().ShouldBe(new(0, true));
    }

    [Fact]
    public void AGroupWithoutTheControllerSaysSo()
    {
        var error = Should.Throw<SampanException>(() => new CgroupV2Hierarchy(new(_root, [], true)).Open("/none").WatchOom());
        error.Kind.ShouldBe(ErrorKind.Unavailable);
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.Join(_root, "one"));
        File.WriteAllText(Path.Join(_root, "one", file), text);
    }
}
