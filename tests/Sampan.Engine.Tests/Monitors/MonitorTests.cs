using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Monitors;

public sealed class MonitorTests : IDisposable
{
    private static readonly StartOptions Attached = new() { AttachStdin = true, AttachStdout = true, AttachStderr = true };
    private static readonly StartOptions Detached = new();
    private readonly ShellEngine _shells = new();

    private ContainerEngine Engine => _shells.Engine;

    [Fact]
    public void Gives_both_streams_and_the_exit_code_to_who_started_it()
    {
        var container = _shells.Create("echo out; echo err >&2; exit 3", run: true);
        using var connection = Engine.Start(container, Attached);
        connection.ReadAll().ShouldBe((3, "out\n", "err\n"));
        container.State.Status.ShouldBe(ContainerStatus.Exited);
        container.State.ExitCode.ShouldBe(3);
        container.State.FinishedAt.ShouldBeGreaterThan(container.State.StartedAt);
    }

    [Fact]
    public void Logs_what_nobody_watches()
    {
        var container = _shells.Create("echo one; echo two >&2");
        Engine.Start(container, Detached).Dispose();
        Engine.Wait(container).ShouldBe(0);
        var log = File.ReadAllText(container.LogPath);
        log.ShouldContain("{\"log\":\"one\\n\",\"stream\":\"stdout\",\"time\":\"");
        log.ShouldContain("{\"log\":\"two\\n\",\"stream\":\"stderr\",\"time\":\"");
    }

    [Fact]
    public void Feeds_input_and_ends_it_with_the_client()
    {
        var container = _shells.Create("cat; echo end", c => c with { OpenStdin = true, StdinOnce = true });
        using var connection = Engine.Start(container, Attached);
        connection.SendInput("hello\n"u8);
        connection.SendEndOfInput();
        connection.ReadAll().ShouldBe((0, "hello\nend\n", ""));
    }

    [Fact]
    public void Input_stays_open_for_the_next_client_without_stdin_once()
    {
        var container = _shells.Create("read a; read b; echo $a$b", c => c with { OpenStdin = true });
        using (var first = Engine.Start(container, Attached))
        {
            first.SendInput("one\n"u8);
            first.SendEndOfInput();
        }

        using var second = Engine.Attach(container, new AttachRequest { Stdin = true });
        second.SendInput("two\n"u8);
        second.ReadAll().ShouldBe((0, "onetwo\n", ""));
    }

    [Fact]
    public void Megabytes_go_through_both_ways_at_once()
    {
        var container = _shells.Create("cat", c => c with { OpenStdin = true, StdinOnce = true }, new HostConfig { LogConfig = new LogConfig { Type = "none" } });
        using var connection = Engine.Start(container, Attached);
        var data = new byte[3 << 20];
        new Random(7).NextBytes(data);
        connection.SendInput(data);
        connection.SendEndOfInput();
        var received = new MemoryStream();
        while (connection.WaitForFrame(out var frame) && frame.Type != FrameType.Exited)
        {
            received.Write(frame.Payload);
        }

        received.ToArray().AsSpan().SequenceEqual(data).ShouldBeTrue();
    }

    [Fact]
    public void A_terminal_echoes_resizes_and_gives_all_as_stdout()
    {
        var container = _shells.Create("read x; stty size; echo got $x", c => c with { Tty = true, OpenStdin = true });
        using var connection = Engine.Start(container, Attached with { Rows = 11, Columns = 22 });
        connection.SendResize(33, 44);
        connection.SendInput("word\n"u8);
        var (exitCode, stdout, _) = connection.ReadAll();
        exitCode.ShouldBe(0);
        stdout.ShouldContain("33 44");
        stdout.ShouldContain("got word");
    }

    [Fact]
    public void A_second_client_sees_output_too_and_detaching_leaves_the_container()
    {
        var container = _shells.Create("read a; echo said $a; read b", c => c with { OpenStdin = true });
        using var first = Engine.Start(container, Attached);
        using (var second = Engine.Attach(container, new AttachRequest { Stdin = true }))
        {
            second.SendInput("hi\n"u8);
            second.ReadUntil("said hi");
        }

        first.ReadUntil("said hi");
        container.State.Running.ShouldBeTrue();
        first.SendInput("\n"u8);
        first.ReadAll().ExitCode.ShouldBe(0);
    }

    [Fact]
    public void A_client_that_does_not_read_holds_the_container_back_and_loses_nothing()
    {
        var container = _shells.Create("head -c 8000000 /dev/zero | tr '\\0' x; echo; echo done >&2", host: new HostConfig { LogConfig = new LogConfig { Type = "none" } });
        using var connection = Engine.Start(container, Attached);

        // The container must wait for its client; another command is answered meanwhile.
        Engine.Signal(container, 18);
        var length = 0;
        while (connection.WaitForFrame(out var frame) && frame.Type != FrameType.Exited)
        {
            length += frame.Type == FrameType.Stdout ? frame.Payload.Length : 0;
        }

        length.ShouldBe(8_000_001);
    }

    [Fact]
    public void A_command_that_is_not_there_is_an_error_and_is_recorded()
    {
        var container = _shells.Create("", c => c with { Cmd = ["missing"] });
        var error = Should.Throw<SampanException>(() => Engine.Start(container, Detached));
        error.Kind.ShouldBe(ErrorKind.CommandNotFound);
        var state = container.State;
        (state.Status, state.ExitCode).ShouldBe((ContainerStatus.Created, 127));
        state.Error.ShouldContain("executable file not found");
        Directory.Exists(Engine.Paths.Run(container.Id)).ShouldBeFalse();
    }

    [Fact]
    public void A_container_to_be_removed_is_gone_when_its_end_is_told()
    {
        var container = _shells.Create("exit 5", host: new HostConfig { AutoRemove = true }, name: "once", run: true);
        using var connection = Engine.Start(container, Attached);
        connection.ReadAll().ExitCode.ShouldBe(5);
        Directory.Exists(container.Directory).ShouldBeFalse();
        Engine.Containers.TryFind("once").ShouldBeNull();
        File.Exists(Engine.Paths.Names + "/once").ShouldBeFalse();
        Directory.Exists(Engine.Paths.Run(container.Id)).ShouldBeFalse();
    }

    [Fact]
    public void A_failed_start_removes_a_container_to_be_removed()
    {
        var container = _shells.Create("", c => c with { Cmd = ["missing"] }, new HostConfig { AutoRemove = true }, run: true);
        Should.Throw<SampanException>(() => Engine.Start(container, Detached));
        Directory.Exists(container.Directory).ShouldBeFalse();
    }

    [Fact]
    public void A_signal_ends_it_with_128_and_the_number()
    {
        var container = _shells.Create("exec sleep 100");
        Engine.Start(container, Detached).Dispose();
        Engine.Signal(container, 15);
        Engine.Wait(container).ShouldBe(143);
        Should.Throw<SampanException>(() => Engine.Signal(container, 15)).Message.ShouldEndWith("is not running");
    }

    [Fact]
    public void A_signal_that_does_not_exist_is_refused()
    {
        var container = _shells.Create("exec sleep 100");
        Engine.Start(container, Detached).Dispose();
        Should.Throw<SampanException>(() => Engine.Signal(container, 200)).Kind.ShouldBe(ErrorKind.InvalidArgument);
        container.State.Running.ShouldBeTrue();
    }

    [Fact]
    public void Stop_kills_what_does_not_listen()
    {
        var container = _shells.Create("trap '' TERM; echo ready; while :; do sleep 100 & wait; done");
        using var connection = Engine.Start(container, Attached);
        connection.ReadUntil("ready");
        Engine.Stop(container, timeoutSeconds: 0);
        container.State.ExitCode.ShouldBe(137);
        Engine.Stop(container);
    }

    [Fact]
    public void Stop_uses_the_containers_own_signal()
    {
        var container = _shells.Create("trap 'exit 9' USR1; echo ready; while :; do sleep 0.01; done", c => c with { StopSignal = "SIGUSR1" });
        using var connection = Engine.Start(container, Attached);
        connection.ReadUntil("ready");
        Engine.Stop(container);
        container.State.ExitCode.ShouldBe(9);
    }

    [Fact]
    public void Exec_is_like_attach_and_ends_by_itself()
    {
        var container = _shells.Create("exec sleep 100");
        Engine.Start(container, Detached).Dispose();
        using var exec = Engine.Exec(container, new ExecRequest { Cmd = ["sh", "-c", "cat; echo err >&2; exit 4"], Stdin = true });
        exec.Pid.ShouldBeGreaterThan(0);
        exec.SendInput("text"u8);
        exec.SendEndOfInput();
        exec.ReadAll().ShouldBe((4, "text", "err\n"));
        container.State.Running.ShouldBeTrue();
        Should.Throw<SampanException>(() => Engine.Exec(container, new ExecRequest { Cmd = ["missing"] })).Kind.ShouldBe(ErrorKind.CommandNotFound);
    }

    [Fact]
    public void A_detached_exec_lives_on()
    {
        var container = _shells.Create("exec sleep 100");
        Engine.Start(container, Detached).Dispose();
        var file = _shells.Base + "/fifo";
        Engine.Exec(container, new ExecRequest { Cmd = ["sh", "-c", $"echo x > {file}.new; mv {file}.new {file}"], Detach = true }).Dispose();
        using var check = Engine.Exec(container, new ExecRequest { Cmd = ["sh", "-c", $"while ! [ -e {file} ]; do sleep 0.01; done; cat {file}"] });
        check.ReadAll().Stdout.ShouldBe("x\n");
    }

    [Fact]
    public void The_trace_of_a_start_follows_it()
    {
        var container = _shells.Create("true");
        using var connection = Engine.Start(container, Attached with { Trace = true });
        connection.WaitForFrame(out var frame).ShouldBeTrue();
        frame.Type.ShouldBe(FrameType.Trace);
        Encoding.UTF8.GetString(frame.Payload).ShouldBe("1 us in all\n");
    }

    [Fact]
    public void A_container_can_be_started_again()
    {
        var container = _shells.Create("echo again");
        for (var run = 0; run < 3; run++)
        {
            using var connection = Engine.Start(container, Attached);
            connection.ReadAll().ShouldBe((0, "again\n", ""));
        }

        File.ReadAllLines(container.LogPath).Length.ShouldBe(3);
    }

    [Fact]
    public void A_running_container_is_not_started_twice()
    {
        var container = _shells.Create("exec sleep 100", name: "twice");
        Engine.Start(container, Detached).Dispose();
        Should.Throw<SampanException>(() => Engine.Start(container, Detached)).Kind.ShouldBe(ErrorKind.Conflict);
    }

    [Fact]
    public void A_running_container_is_removed_by_force_only()
    {
        var container = _shells.Create("exec sleep 100", name: "stubborn");
        Engine.Start(container, Detached).Dispose();
        Should.Throw<SampanException>(() => Engine.Remove(container, new RemoveOptions())).Message.ShouldBe(
            "cannot remove container \"/stubborn\": container is running: stop the container before removing or force remove");
        Engine.Remove(container, new RemoveOptions { Force = true });
        Engine.Containers.TryFind("stubborn").ShouldBeNull();
    }

    [Fact]
    public void A_frozen_container_is_thawed_when_who_froze_it_goes_away()
    {
        var container = _shells.Create("exec sleep 100");
        Engine.Start(container, Detached).Dispose();
        var frozen = container.Directory + "/frozen";
        using (var holder = MonitorSocket.TryConnect(Engine.Paths.Run(container.Id))!)
        {
            holder.SendRequest(new MonitorRequest { Operation = "freeze" });
            holder.WaitFor(FrameType.Done, () => "lost");
            File.Exists(frozen).ShouldBeTrue();
            Should.Throw<SampanException>(() => Engine.Exec(container, new ExecRequest { Cmd = ["sh", "-c", "true"] })).Message.ShouldContain("is paused");
        }

        Engine.Signal(container, 15);
        Engine.Wait(container).ShouldBe(143);
        File.Exists(frozen).ShouldBeFalse();
    }

    [Fact]
    public void Garbage_on_the_socket_harms_nobody()
    {
        var container = _shells.Create("exec sleep 100");
        Engine.Start(container, Detached).Dispose();
        using (var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
        {
            var link = "/tmp/" + Guid.NewGuid().ToString("N")[..8];
            Directory.CreateSymbolicLink(link, Engine.Paths.Run(container.Id));
            socket.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(link + "/monitor.sock"));
            File.Delete(link);
            socket.Send("GET / HTTP/1.1\r\n\r\n"u8);
            var answer = new byte[1000];
            socket.Receive(answer).ShouldBeGreaterThan(8);
            answer[0].ShouldBe((byte)FrameType.Error);
        }

        container.State.Running.ShouldBeTrue();
    }

    public void Dispose() => _shells.Dispose();
}
