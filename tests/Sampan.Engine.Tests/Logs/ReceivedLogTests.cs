using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Engine.Tests.Monitors;
using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.Engine.Tests.Logs;

/// <summary>syslog and journald, with receivers of the test's own.</summary>
public sealed class ReceivedLogTests : IDisposable
{
    private readonly ShellEngine _shells = new();
    private readonly EventLoop _loop = new();

    [Theory]
    [InlineData("", @"^<30>[A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d me\[\d+\]: out\n$")]
    [InlineData("rfc3164", @"^<30>[A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d \S+ me\[\d+\]: out\n$")]
    [InlineData("rfc5424", @"^<30>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d) \S+ me \d+ me - out\n$")]
    [InlineData("rfc5424micro", @"^<30>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d) \S+ me \d+ me - out\n$")]
    public void Syslog_formats(string format, string pattern)
    {
        using var receiver = LogReceiver.Udp();
        using var log = Syslog(receiver, ("syslog-format", format), ("tag", "me"));
        log.Append(LogStream.Stdout, "out\n\n"u8);
        log.Append(LogStream.Stderr, "err\n"u8);
        Encoding.UTF8.GetString(receiver.Receive()).ShouldMatch(pattern);
        Encoding.UTF8.GetString(receiver.Receive()).ShouldStartWith("<27>", customMessage: "an empty line is not sent, and standard error is an error");
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("unix")]
    [InlineData("unixgram")]
    public void Syslog_transports(string scheme)
    {
        using var receiver = scheme switch
        {
            "udp" => LogReceiver.Udp(),
            "tcp" => LogReceiver.Tcp(),
            _ => LogReceiver.Unix(_shells.Base + "/log.sock", scheme == "unix"),
        };
        using var log = Syslog(receiver, ("syslog-facility", "local7"));
        log.Append(LogStream.Stdout, "one\ntwo\n"u8);
        receiver.ReceiveUntil("one").ShouldStartWith("<190>");
        log.Finish();
    }

    [Fact]
    public void A_receiver_that_comes_back_gets_what_was_said_meanwhile()
    {
        var first = LogReceiver.Tcp();
        using var log = Syslog(first);
        log.Append(LogStream.Stdout, "before\n"u8);
        first.ReceiveUntil("before");
        var port = first.Port;
        first.Dispose();
        RunUntil(() => !log.IsCongested, turns: 1);
        log.Append(LogStream.Stdout, "meanwhile 1\n"u8);
        log.Append(LogStream.Stdout, "meanwhile 2\n"u8);
        log.IsCongested.ShouldBeFalse("a receiver that is gone holds nobody back");
        using var second = LogReceiver.Tcp(port);
        var received = new Reception(() => second.ReceiveUntil("meanwhile 2"));
        RunUntil(() => received.IsDone);
        received.Text.ShouldContain("meanwhile 1");
    }

    [Fact]
    public void A_slow_receiver_holds_the_container_back_until_it_has_read()
    {
        using var receiver = LogReceiver.Unix(_shells.Base + "/slow.sock", isStream: true);
        using var log = Syslog(receiver);
        var relieved = false;
        log.Relieved = () => relieved = true;
        var line = Encoding.ASCII.GetBytes(new string('x', 10_000) + "\n");
        for (var count = 0; !log.IsCongested; count++)
        {
            count.ShouldBeLessThan(10_000, "nobody reads");
            log.Append(LogStream.Stdout, line);
        }

        log.Append(LogStream.Stdout, "last\n"u8);
        var received = new Reception(() => receiver.ReceiveUntil("last"));
        RunUntil(() => received.IsDone);
        relieved.ShouldBeTrue();
        received.Text.ShouldNotContain("dropped");
    }

    [Fact]
    public void Non_blocking_the_oldest_go_and_their_number_is_told()
    {
        using var receiver = LogReceiver.Unix(_shells.Base + "/deaf.sock", isStream: true);
        using var log = Syslog(receiver, ("mode", "non-blocking"), ("max-buffer-size", "100k"));
        const int Count = 2000;
        for (var number = 0; number < Count; number++)
        {
            log.Append(LogStream.Stdout, Encoding.ASCII.GetBytes($"line {number} {new string('x', 1000)}\n"));
            log.IsCongested.ShouldBeFalse();
        }

        var received = new Reception(() => receiver.ReceiveUntil($"line {Count - 1} "));
        RunUntil(() => received.IsDone);
        var text = received.Text;
        var told = text.Split('\n').Where(line => line.Contains("dropped here")).Sum(line => int.Parse(line.Split("sampan: ")[1].Split(' ')[0]));
        told.ShouldBeGreaterThan(100);
        text.Split('\n').Count(line => line.Contains("line ")).ShouldBe(Count - told);
    }

    [Fact]
    public void Nobody_there_is_told_in_dockers_words()
    {
        int port;
        using (var gone = LogReceiver.Tcp())
        {
            port = gone.Port;
        }

        var container = Container(("syslog-address", $"tcp://127.0.0.1:{port}"));
        Should.Throw<SampanException>(() => ContainerLogOpener.Open(container, _loop)).Message
            .ShouldBe($"failed to initialize logging driver: dial tcp 127.0.0.1:{port}: connect: connection refused");
    }

    [Fact]
    public void Logs_reads_the_copy_unless_there_is_none()
    {
        using var receiver = LogReceiver.Udp();
        var container = Container(("syslog-address", receiver.Address));
        using (var log = ContainerLogOpener.Open(container, _loop))
        {
            log.Append(LogStream.Stdout, "kept\n"u8);
            log.Finish();
        }

        var consumer = new CollectingConsumer();
        _shells.Engine.Log(container).Read(new(), consumer);
        consumer.Lines.ShouldBe(["kept\n"]);
        var without = Container(("syslog-address", receiver.Address), ("cache-disabled", "true"));
        Should.Throw<SampanException>(() => _shells.Engine.Log(without).Read(new(), consumer)).Message.ShouldBe("configured logging driver does not support reading");
    }

    [Fact]
    public void The_journal_gets_dockers_fields()
    {
        using var receiver = LogReceiver.Unix(_shells.Base + "/journal.sock", isStream: false);
        var container = _shells.Create("true");
        var sink = new JournalSink(_loop, container, "tagged", new Dictionary<string, string> { ["_com.x-y"] = "a\nb" }, _shells.Base + "/journal.sock");
        using var log = new LineSplitter([sink], sink.Delivery);
        log.Append(LogStream.Stderr, "hello\n"u8);
        var entry = Encoding.UTF8.GetString(receiver.Receive());
        entry.ShouldStartWith("MESSAGE=hello\nPRIORITY=3\nSYSLOG_TIMESTAMP=2");
        entry.ShouldContain($"CONTAINER_ID={container.Id[..12]}\nCONTAINER_ID_FULL={container.Id}\nCONTAINER_NAME={container.Name}\nCONTAINER_TAG=tagged\nIMAGE_NAME=");
        entry.ShouldContain("SYSLOG_IDENTIFIER=tagged\nCOM_X_Y\n\u0003\0\0\0\0\0\0\0a\nb\n");
        entry.ShouldNotContain("PARTIAL");

        log.Append(LogStream.Stdout, Encoding.ASCII.GetBytes(new string('x', (16 << 10) + 1) + "\n"));
        var first = Encoding.UTF8.GetString(receiver.Receive());
        var second = Encoding.UTF8.GetString(receiver.Receive());
        first.ShouldContain("CONTAINER_PARTIAL_MESSAGE=true\n");
        first.ShouldContain("CONTAINER_PARTIAL_ORDINAL=1\nCONTAINER_PARTIAL_LAST=false\n");
        second.ShouldStartWith("MESSAGE=x\nPRIORITY=6\n");
        second.ShouldContain("CONTAINER_PARTIAL_ORDINAL=2\nCONTAINER_PARTIAL_LAST=true\n");
        second.ShouldNotContain("PARTIAL_MESSAGE");
    }

    public void Dispose()
    {
        _loop.Dispose();
        _shells.Dispose();
    }

    private void RunUntil(Func<bool> done, int turns = int.MaxValue)
    {
        var deadline = Environment.TickCount64 + 30_000;
        for (var turn = 0; turn < turns && !(done() && turns == int.MaxValue); turn++)
        {
            Environment.TickCount64.ShouldBeLessThan(deadline, "the driver did nothing more");
            _loop.RunOnce(100);
        }
    }

    private Container Container(params (string Name, string Value)[] options) => _shells.Create("true", host: new HostConfig
    {
        LogConfig = new LogConfig { Type = "syslog", Config = options.ToDictionary(option => option.Name, option => option.Value) },
    });

    private ILogWriter Syslog(LogReceiver receiver, params (string Name, string Value)[] options) =>
        ContainerLogOpener.Open(Container([("syslog-address", receiver.Address), ("cache-disabled", "true"), .. options]), _loop);

    /// <summary>A receiver that reads in a thread of its own.</summary>
    private sealed class Reception
    {
        private readonly Thread _thread;

        public Reception(Func<string> receive)
        {
            _thread = new Thread(() => Text = receive());
            _thread.Start();
        }

        public string Text { get; private set; } = "";

        public bool IsDone => !_thread.IsAlive;
    }
}
