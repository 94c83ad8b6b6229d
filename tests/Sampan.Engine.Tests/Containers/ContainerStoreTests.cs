using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Tests.Monitors;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Containers;

public sealed class ContainerStoreTests : IDisposable
{
    private readonly ShellEngine _shells = new();

    private ContainerEngine Engine => _shells.Engine;

    [Fact]
    public void Finds_by_name_id_and_prefix()
    {
        var container = _shells.Create("true", name: "web");
        foreach (var word in new[] { "web", "/web", container.Id, container.Id[..12], container.Id[..1] })
        {
            Engine.Containers.Find(word).Id.ShouldBe(container.Id);
        }

        Should.Throw<SampanException>(() => Engine.Containers.Find("other")).Message.ShouldBe("No such container: other");
        foreach (var hostile in new[] { "", "/", "..", "../containers", "a/b", "\0" })
        {
            Engine.Containers.TryFind(hostile).ShouldBeNull(hostile);
        }
    }

    [Fact]
    public void A_prefix_of_two_is_ambiguous()
    {
        for (var count = 0; count < 17; count++)
        {
            _shells.Create("true");
        }

        var shared = Engine.Containers.List().GroupBy(container => container.Id[..1]).First(group => group.Count() > 1).Key;
        Should.Throw<SampanException>(() => Engine.Containers.Find(shared)).Message.ShouldBe($"Multiple IDs found with provided prefix: {shared}");
    }

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        var container = _shells.Create("true", c => c with { Env = ["A=<b>"], Labels = new Dictionary<string, string> { ["x"] = "原" } }, new HostConfig { Memory = 64 << 20 }, "rich");
        var read = Engine.Containers.Find("rich");
        read.Config.Env.ShouldBe(["A=<b>"]);
        read.Config.Labels["x"].ShouldBe("原");
        read.HostConfig.Memory.ShouldBe(64 << 20);
        read.Created.ShouldBe(container.Created);
        read.Config.Hostname.ShouldBe(container.Id[..12]);
        (read.Path, string.Join(' ', read.Args)).ShouldBe(("/bin/sh", "-c true"));
        read.State.Status.ShouldBe(ContainerStatus.Created);
    }

    [Fact]
    public void The_newest_is_listed_first()
    {
        _shells.Create("true", name: "first");
        _shells.Create("true", name: "second");
        Engine.Containers.List().Select(container => container.Name).ShouldBe(["second", "first"]);
    }

    [Fact]
    public void A_name_is_one_containers()
    {
        var first = _shells.Create("true", name: "mine");
        Should.Throw<SampanException>(() => _shells.Create("true", name: "mine")).Message.ShouldBe(
            $"Conflict. The container name \"/mine\" is already in use by container \"{first.Id}\". You have to remove (or rename) that container to be able to reuse that name.");
        Engine.Remove(first, new RemoveOptions());
        _shells.Create("true", name: "mine").Id.ShouldNotBe(first.Id);
        Directory.GetFileSystemEntries(Engine.Paths.Containers).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    [InlineData("")]
    public void A_bad_name_is_refused(string name) =>
        Should.Throw<SampanException>(() => _shells.Create("true", name: name)).Message.ShouldBe(
            $"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");

    [Fact]
    public void Many_who_want_one_name_get_one_container()
    {
        var made = 0;
        var refused = 0;
        var others = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, 16).Select(_ => new Thread(() =>
        {
            try
            {
                _shells.Create("true", name: "wanted");
                Interlocked.Increment(ref made);
            }
            catch (SampanException exception) when (exception.Kind == ErrorKind.Conflict)
            {
                Interlocked.Increment(ref refused);
            }
            catch (Exception exception)
            {
                // Out of a thread it would end the whole run.
                others.Enqueue(exception);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        others.ShouldBeEmpty();
        (made, refused).ShouldBe((1, 15));
        Directory.GetFileSystemEntries(Engine.Paths.Containers).Length.ShouldBe(1);
    }

    [Fact]
    public void What_a_crash_left_is_collected()
    {
        _shells.Create("true", name: "alive");
        var creating = Engine.Paths.Containers + "/.creating-" + new string('a', 64);
        var removing = Engine.Paths.Containers + "/.removing-" + new string('b', 64);
        Directory.CreateDirectory(creating + "/upper/deep");
        Directory.CreateDirectory(removing + "/upper");
        File.WriteAllText(removing + "/upper/file", "x");
        File.CreateSymbolicLink(Engine.Paths.Names + "/ghost", "../containers/" + new string('a', 64));
        Engine.Containers.List().Count.ShouldBe(1);
        Directory.Exists(creating).ShouldBeFalse();
        Directory.Exists(removing).ShouldBeFalse();
        new FileInfo(Engine.Paths.Names + "/ghost").LinkTarget.ShouldBeNull();
    }

    [Fact]
    public void A_name_whose_container_vanished_can_be_taken()
    {
        _shells.Create("true", name: "alive");
        File.CreateSymbolicLink(Engine.Paths.Names + "/ghost", "../containers/" + new string('a', 64));
        Engine.Containers.TryFind("ghost").ShouldBeNull();
        _shells.Create("true", name: "ghost").Name.ShouldBe("ghost");
    }

    [Fact]
    public void What_is_being_made_is_not_collected()
    {
        _shells.Create("true");
        var id = ContainerId.Generate();
        using (ContainerDirectory.TryBegin(Engine.Paths, id))
        {
            new ContainerNames(Engine.Paths).Take("coming", id);
            Engine.Containers.List().Count.ShouldBe(1);
            Directory.Exists(ContainerDirectory.Creating(Engine.Paths, id)).ShouldBeTrue();
            Should.Throw<SampanException>(() => _shells.Create("true", name: "coming")).Kind.ShouldBe(ErrorKind.Conflict);
        }
    }

    [Fact]
    public void An_id_whose_directory_a_collector_took_is_not_used_again()
    {
        _shells.Create("true");
        var id = ContainerId.Generate();
        var directory = ContainerDirectory.Creating(Engine.Paths, id);
        Directory.CreateDirectory(directory);
        using (MonitorLock.TryTake(directory).ShouldNotBeNull())
        {
            // The collector's lock came between making the directory and locking it.
            ContainerDirectory.TryBegin(Engine.Paths, id).ShouldBeNull();
        }

        Engine.Containers.List();
        Directory.Exists(directory).ShouldBeFalse();
    }

    [Fact]
    public void A_failed_create_leaves_nothing()
    {
        Should.Throw<SampanException>(() => _shells.Create("true", host: new HostConfig { Binds = ["a:/b:what"] }, name: "half")).Kind.ShouldBe(ErrorKind.InvalidArgument);
        Should.Throw<SampanException>(() => _shells.Create("true", host: new HostConfig { Binds = ["/d1", "/proc/none:/x"] }, name: "half"));
        Directory.GetFileSystemEntries(Engine.Paths.Containers).ShouldBeEmpty();
        Directory.GetFileSystemEntries(Engine.Paths.Names).ShouldBeEmpty();
        Directory.GetFileSystemEntries(Engine.Paths.Volumes).ShouldBeEmpty();
    }

    [Fact]
    public void A_dead_monitor_is_noticed_and_its_container_closed_off()
    {
        var container = _shells.Create("true", name: "orphan");
        StateFile.Write(container.Directory, new ContainerState { Status = ContainerStatus.Running, Pid = 1, StartedAt = DateTimeOffset.UtcNow }, durable: false);
        Directory.CreateDirectory(Engine.Paths.Run(container.Id));
        container.State.Status.ShouldBe(ContainerStatus.Exited);
        var found = Engine.Containers.Find("orphan");
        var recorded = StateFile.ReadRecorded(found.Directory);
        (recorded.Status, recorded.ExitCode).ShouldBe((ContainerStatus.Exited, 255));
        recorded.Error.ShouldBe("exit code unknown: the host went down while it ran");
        _shells.Leftovers.ShouldBe([container.Id]);
        Directory.Exists(Engine.Paths.Run(container.Id)).ShouldBeFalse();
    }

    [Fact]
    public void A_living_monitor_is_left_alone()
    {
        var container = _shells.Create("true", name: "busy");
        StateFile.Write(container.Directory, new ContainerState { Status = ContainerStatus.Running, Pid = 1 }, durable: false);
        using (MonitorLock.TryTake(container.Directory))
        {
            Engine.Containers.List().Single().State.Running.ShouldBeTrue();
            _shells.Leftovers.ShouldBeEmpty();
        }

        Engine.Containers.List().Single().State.Running.ShouldBeFalse();
    }

    [Fact]
    public void A_run_that_died_before_its_monitor_came_is_collected_where_it_was_to_go_anyway()
    {
        var gone = _shells.Create("true", host: new HostConfig { AutoRemove = true }, name: "gone", run: true);
        var stays = _shells.Create("true", name: "stays", run: true);
        var waits = _shells.Create("true", host: new HostConfig { AutoRemove = true }, name: "waits");
        Engine.Containers.List().Count.ShouldBe(3);
        foreach (var dead in new[] { gone, stays })
        {
            dead.Monitor!.Dispose();
            dead.Hold!.Dispose();
        }

        Engine.Containers.List().Select(container => container.Name).ShouldBe(["waits", "stays"]);
        waits.State.Status.ShouldBe(ContainerStatus.Created);
    }

    [Fact]
    public void A_monitor_that_dies_during_the_start_is_an_error_and_leaves_the_container_startable()
    {
        var container = _shells.Create("exit 3", name: "again");
        _shells.MonitorDies = true;
        Should.Throw<SampanException>(() => Engine.Start(container, new StartOptions())).Message.ShouldContain("died during the start");
        _shells.MonitorDies = false;
        using var connection = Engine.Start(container, new StartOptions());
        connection.WaitForExit().ShouldBe(3);
    }

    [Fact]
    public void A_damaged_record_is_named()
    {
        var container = _shells.Create("true", name: "broken");
        var path = container.Directory + "/container.json";
        var content = File.ReadAllText(path);
        File.WriteAllText(path, "{");
        Should.Throw<SampanException>(() => Engine.Containers.Find("broken")).Message.ShouldContain(container.Id);
        File.WriteAllText(path, content);
    }

    public void Dispose() => _shells.Dispose();
}
