using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sampan.EndToEnd.Containers;

/// <summary>--log-driver and --log-opt.</summary>
public sealed class LogDriverTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Local_is_read_in_part_and_across_packed_files()
    {
        const int Count = 30000;
        var id = host.Detached("--log-driver", "local", "--log-opt", "max-size=50k", "--log-opt", "max-file=100", "busybox", "seq", "1", Count.ToString());
        host.Sampan("logs", "-f", id).Lines[^1].ShouldBe(Count.ToString());
        Directory.GetFiles(Path.Combine(host.Root, "containers", id, "local-logs"), "*.gz").Length.ShouldBeGreaterThan(5);
        host.Sampan("logs", id).Lines.ShouldBe(Enumerable.Range(1, Count).Select(number => number.ToString()));
        host.Sampan("logs", "--tail", "20000", id).Lines[0].ShouldBe("10001");
        host.Sampan("logs", "-t", "-n", "1", id).ShouldSucceed().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z 30000$");
        host.Sampan("logs", "--until", "1h", id).ShouldSucceed().ShouldBeEmpty();
        host.Sampan("logs", "--since", "1h", "--tail", "2", id).ShouldSucceed().ShouldBe("29999\n30000");
    }

    [Fact]
    public void Json_keeps_labels_variables_and_tag_and_details_shows_them()
    {
        host.Sampan(
            "run", "--name", "detailed", "-l", "app=a b", "-l", "other=x", "-e", "TIER=front", "--log-opt", "labels=app", "--log-opt", "env-regex=^TI",
            "--log-opt", "tag={{.ImageName}}/{{.Name}}", "busybox", "echo", "hello").ShouldSucceed();
        host.Sampan("logs", "--details", "detailed").ShouldSucceed().ShouldBe("TIER=front,app=a+b,tag=busybox%2Fdetailed hello");
        host.Sampan("logs", "detailed").ShouldSucceed().ShouldBe("hello");
        host.Sampan("logs", "--details", "-t", "detailed").ShouldSucceed().ShouldMatch(@"^\S+Z TIER=front,app=a\+b,tag=\S+ hello$");
        File.ReadAllText(host.Inspect("detailed").GetProperty("LogPath").GetString()!)
            .ShouldStartWith("{\"log\":\"hello\\n\",\"stream\":\"stdout\",\"attrs\":{\"TIER\":\"front\",\"app\":\"a b\",\"tag\":\"busybox/detailed\"},\"time\":\"");
    }

    [Fact]
    public void Syslog_gets_the_lines_and_logs_reads_a_copy()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var id = host.Detached(
            "--name", "told", "--log-driver", "syslog", "--log-opt", $"syslog-address=udp://{receiver.LocalEndPoint}", "--log-opt", "tag={{.Name}}",
            "--log-opt", "syslog-format=rfc3164", "busybox", "sh", "-c", "echo out; echo err >&2");
        var lines = new[] { Receive(receiver), Receive(receiver) }.Order().ToArray();
        lines[0].ShouldMatch(@"^<27>.* told\[\d+\]: err\n$");
        lines[1].ShouldMatch(@"^<30>.* told\[\d+\]: out\n$");
        host.Sampan("wait", id).ShouldSucceed();
        host.Sampan("logs", id).ShouldSucceed().ShouldBe("out");
    }

    [Fact]
    public void A_start_without_its_receiver_fails_in_dockers_words()
    {
        host.Sampan("run", "--rm", "--log-driver", "syslog", "--log-opt", "syslog-address=tcp://127.0.0.1:1", "busybox", "true")
            .ShouldFailInOneLine(125, "failed to initialize logging driver: dial tcp 127.0.0.1:1: connect: connection refused");
    }

    [Fact]
    public void The_journal_is_spoken_to_in_its_own_protocol()
    {
        var journal = Path.Combine(host.Folder, "journal");
        Directory.CreateDirectory(journal);
        using var receiver = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        receiver.Bind(new UnixDomainSocketEndPoint(journal + "/socket"));
        Host.Shell(
            "\"${@:2}\"",
            [
                "", "unshare", "-m", "bash", "-c", "mount -t tmpfs none /run; mkdir -p /run/systemd/journal; mount --bind \"$0\" /run/systemd/journal; exec \"$@\"",
                journal, Host.Binary, .. host.Arguments("run", "-d", "--name", "journalled", "--log-driver", "journald", "busybox", "echo", "hello"),
            ]);
        var entry = Receive(receiver);
        entry.ShouldStartWith("MESSAGE=hello\nPRIORITY=6\n");
        entry.ShouldContain("\nCONTAINER_NAME=journalled\n");
        entry.ShouldContain("\nIMAGE_NAME=busybox\n");
        host.Sampan("wait", "journalled").ShouldSucceed();
        host.Sampan("logs", "journalled").ShouldSucceed().ShouldBe("hello");
    }

    [Theory]
    [InlineData("--log-driver", "loki", "logger: no log driver named 'loki' is registered")]
    [InlineData("--log-opt", "colour=red", "unknown log opt 'colour' for json-file log driver")]
    [InlineData("--log-opt", "mode=maybe", "logger: logging mode not supported: maybe")]
    [InlineData("--log-opt", "max-file=0", "max-file cannot be less than 1")]
    public void A_mistake_is_told_before_anything_is_made(string flag, string value, string words)
    {
        host.Sampan("create", flag, value, "busybox").ShouldFailInOneLine(1, words);
        host.Sampan("run", "--log-driver", "none", "--log-opt", "max-file=1", "busybox").ShouldFailInOneLine(125, "invalid logging opts for driver none");
    }

    [Fact]
    public void None_keeps_nothing()
    {
        host.Sampan("run", "--name", "silent", "--log-driver", "none", "busybox", "echo", "seen").ShouldSucceed().ShouldBe("seen");
        host.Sampan("logs", "silent").ShouldFailInOneLine(1, "configured logging driver does not support reading");
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[64 << 10];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
