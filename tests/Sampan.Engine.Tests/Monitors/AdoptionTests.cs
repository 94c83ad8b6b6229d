using Sampan.Engine.Containers;
using Sampan.Engine.Events;
using Sampan.Engine.Monitors;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Tests.Monitors;

/// <summary>Containers that are found without a monitor: what a killed one left is made here by hand.</summary>
public sealed class AdoptionTests : IDisposable
{
    private readonly ShellEngine _shells = new();
    private readonly List<FileDescriptor> _children = [];

    private ContainerEngine Engine => _shells.Engine;

    [Fact]
    public void Output_that_nobody_took_is_logged_and_the_exit_code_is_known()
    {
        var gate = _shells.Base + "/gate";
        var container = _shells.Create($"echo one; echo two >&2; mkdir {gate}way; while ! [ -e {gate} ]; do sleep 0.01; done; echo three; exit 7");
        Unwatched(container);

        // A shell that redirects has its output under another number for a moment. A container stands still while its pipes are looked for; these processes have no group.
        SpinWait.SpinUntil(() => Directory.Exists(gate + "way"), TimeSpan.FromSeconds(20)).ShouldBeTrue();
        container.State.Running.ShouldBeTrue("it runs, whoever watches");
        var found = Engine.Containers.Find(container.Id);
        Engine.Log(found).ShouldNotBeNull();
        File.WriteAllText(gate, "");
        Engine.Wait(found).ShouldBe(7);
        (found.State.Status, found.State.ExitCode, found.State.Error, found.State.Adoptions).ShouldBe((ContainerStatus.Exited, 7, "", 1));
        var log = File.ReadAllLines(container.LogPath);
        log.Where(line => line.Contains("stdout")).Select(line => line.Split('"')[3]).ShouldBe(["one\\n", "three\\n"]);
        log.Single(line => line.Contains("stderr")).ShouldContain("two\\n");
        Actions(container).ShouldBe(["create", "adopt", "die"]);
        Directory.Exists(Engine.Paths.Run(container.Id)).ShouldBeFalse();
        _shells.Leftovers.ShouldBeEmpty();
    }

    [Fact]
    public void Many_who_notice_at_once_start_one_monitor()
    {
        var container = _shells.Create("exec sleep 100");
        Unwatched(container);
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() => Engine.Containers.List())).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Engine.Stop(container, timeoutSeconds: 0);
        File.ReadAllText(container.Directory + "/adopted").ShouldBe("x");
    }

    [Fact]
    public void One_that_ended_unwatched_has_the_code_its_parent_has_not_taken_yet()
    {
        var container = _shells.Create("exit 3");
        var process = Unwatched(container);
        SpinWait.SpinUntil(() => ForeignProcess.HasEnded(process), TimeSpan.FromSeconds(20)).ShouldBeTrue();
        var state = Engine.Containers.Find(container.Id).State;
        (state.Status, state.ExitCode, state.Error).ShouldBe((ContainerStatus.Exited, 3, ""));
        StateFile.ReadRecorded(container.Directory).Status.ShouldBe(ContainerStatus.Exited);
        Actions(container).ShouldBe(["create", "die"]);
    }

    [Fact]
    public void One_that_is_gone_has_no_code_and_says_so()
    {
        var container = _shells.Create("exit 3");
        ChildProcess.Wait(Unwatched(container));
        var state = Engine.Containers.Find(container.Id).State;
        (state.Status, state.ExitCode).ShouldBe((ContainerStatus.Exited, 255));
        state.Error.ShouldBe("exit code unknown: its monitor had died, and it ended before there was another");
        Events(container).Last().Attributes["error"].ShouldBe(state.Error);
        _shells.Leftovers.ShouldBe([container.Id]);
    }

    [Fact]
    public void One_that_was_to_be_removed_is()
    {
        var container = _shells.Create("exit 3", host: new HostConfig { AutoRemove = true });
        ChildProcess.Wait(Unwatched(container));
        Engine.Containers.TryFind(container.Id).ShouldBeNull();
        Directory.Exists(container.Directory).ShouldBeFalse();
    }

    [Fact]
    public void A_policy_starts_again_what_ended_unwatched()
    {
        var file = _shells.Base + "/lives";
        var container = _shells.Create($"echo x >> {file}; exec sleep 100", host: new HostConfig { RestartPolicy = new RestartPolicy { Name = "on-failure", MaximumRetryCount = 3 } });
        ChildProcess.Wait(Unwatched(container, "true", state => state with { RestartCount = 1, RestartDelay = 100 }));
        Engine.Containers.Find(container.Id).State.Running.ShouldBeTrue();
        SpinWait.SpinUntil(() => File.Exists(file) && container.State is { Status: ContainerStatus.Running, RestartCount: 2 }, TimeSpan.FromSeconds(20)).ShouldBeTrue();
        Engine.Stop(container, timeoutSeconds: 0);
        container.State.StoppedByCommand.ShouldBeTrue();
    }

    [Fact]
    public void What_a_command_had_stopped_is_not_started_again()
    {
        var container = _shells.Create("true", host: new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        var process = Unwatched(container);
        new StopPromise { KillAt = 0 }.Write(Engine.Paths.Run(container.Id));
        ChildProcess.Wait(process);
        var state = Engine.Containers.Find(container.Id).State;
        (state.Status, state.StoppedByCommand).ShouldBe((ContainerStatus.Exited, true));
    }

    [Fact]
    public void A_wait_between_two_lives_goes_on_and_counts_on()
    {
        var container = _shells.Create("exec sleep 100", host: new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        Directory.CreateDirectory(Engine.Paths.Run(container.Id));
        StateFile.Write(container.Directory, Restarting(HostBoot.Id), durable: false);
        Engine.Containers.Find(container.Id).State.Restarting.ShouldBeTrue();
        SpinWait.SpinUntil(() => container.State.Status == ContainerStatus.Running, TimeSpan.FromSeconds(20)).ShouldBeTrue();
        (DateTimeOffset.UtcNow - container.State.FinishedAt).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(400);
        (container.State.RestartCount, container.State.RestartDelay).ShouldBe((3, 400));
        Engine.Stop(container, timeoutSeconds: 0);
    }

    [Fact]
    public void After_the_host_went_down_only_a_boot_starts_again()
    {
        var container = _shells.Create("exec sleep 100", host: new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        StateFile.Write(container.Directory, Restarting("another"), durable: false);
        Engine.Containers.Find(container.Id).State.Status.ShouldBe(ContainerStatus.Exited);
        StateFile.ReadRecorded(container.Directory).ExitCode.ShouldBe(4);
    }

    [Fact]
    public void A_stop_keeps_its_promise_under_another_monitor()
    {
        var container = _shells.Create("trap '' TERM; while :; do sleep 0.01; done");
        Unwatched(container);
        new StopPromise { KillAt = Environment.TickCount64 + 50, IsEvent = true }.Write(Engine.Paths.Run(container.Id));
        Engine.Wait(Engine.Containers.Find(container.Id)).ShouldBe(137);
        Actions(container).ShouldBe(["create", "adopt", "die", "stop"]);
    }

    [Fact]
    public void A_start_that_was_not_recorded_is_killed()
    {
        var container = _shells.Create("true");
        Directory.CreateDirectory(Engine.Paths.Run(container.Id));
        Engine.Containers.Find(container.Id).State.Status.ShouldBe(ContainerStatus.Created);
        _shells.Leftovers.ShouldBe([container.Id]);
    }

    [Fact]
    public void A_line_that_was_cut_off_does_not_spoil_the_next()
    {
        var container = _shells.Create("echo next");
        File.WriteAllText(container.LogPath, "{\"log\":\"whole\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:00Z\"}\n{\"log\":\"to");
        Engine.Start(container, new StartOptions()).Dispose();
        Engine.Wait(container);
        var consumer = new Logs.CollectingConsumer();
        Engine.Log(container).Read(new(), consumer);
        consumer.Lines.ShouldBe(["whole\n", "next\n"]);
    }

    public void Dispose()
    {
        _shells.Dispose();
        foreach (var child in _children)
        {
            // Reaped by the test already, or nobody's now.
            if (ForeignProcess.HasEnded(child))
            {
                try
                {
                    ChildProcess.Wait(child);
                }
                catch (Linux.LinuxException)
                {
                    continue;
                }
            }
        }
    }

    private static ContainerState Restarting(string boot) => new()
    {
        Status = ContainerStatus.Restarting,
        BootId = boot,
        ExitCode = 4,
        RestartCount = 3,
        RestartDelay = 400,
        StartedAt = DateTimeOffset.UtcNow,
        FinishedAt = DateTimeOffset.UtcNow,
    };

    private FileDescriptor Unwatched(Container container, string? script = null, Func<ContainerState, ContainerState>? change = null)
    {
        var process = SpawnedProcess.Shell(script ?? container.Args[1], lasting: true);
        var state = new ContainerState
        {
            Status = ContainerStatus.Running,
            Pid = process.Pid,
            PidStartTime = ProcessStatus.StartTime(process.Pid),
            BootId = HostBoot.Id,
            StdoutPipe = PipeEnd.NumberOf(process.Stdout!),
            StderrPipe = PipeEnd.NumberOf(process.Stderr!),
            StartedAt = DateTimeOffset.UtcNow,
        };
        Directory.CreateDirectory(Engine.Paths.Run(container.Id));
        StateFile.Write(container.Directory, change is null ? state : change(state), durable: false);
        process.Stdout!.Dispose();
        process.Stderr!.Dispose();
        _children.Add(process.PidFd);
        return process.PidFd;
    }

    private List<EngineEvent> Events(Container container) =>
        [.. File.ReadAllLines(Engine.Paths.State + "/events.jsonl").Select(line => EventLine.TryParse(System.Text.Encoding.UTF8.GetBytes(line))!).Where(happened => happened.Id == container.Id)];

    private IEnumerable<string> Actions(Container container) => Events(container).Select(happened => happened.Action);
}
