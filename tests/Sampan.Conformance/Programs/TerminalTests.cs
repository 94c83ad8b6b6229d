using Microsoft.Win32.SafeHandles;

namespace Sampan.Conformance.Programs;

/// <summary>config.md, "Process": terminal and consoleSize.</summary>
public class TerminalTests : StatementTest
{
    [Fact]
    [Statement("config.md#process", "without terminal the standard streams are no terminal")]
    public void There_is_none_by_default() => Output(Script("for n in 0 1 2; do [ -t $n ] && echo terminal; done; echo none")).ShouldBe("none");

    [Fact]
    [Statement("config.md#process", "with terminal all three standard streams are one pseudoterminal")]
    public void The_streams_are_one() =>
        OnTerminal("[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && for n in 0 1 2; do stat -Lc %d:%i:%t:%T /proc/$$/fd/$n; done | sort -u | wc -l").ShouldBe("1");

    [Fact]
    [Statement("config.md#process", "the terminal is the program's controlling one: /dev/tty is it")]
    public void It_is_the_controlling_one() => OnTerminal("echo through >/dev/tty").ShouldBe("through");

    [Fact]
    [Statement("config.md#process", "the terminal belongs to the container's own devpts")]
    public void It_belongs_to_the_container() => OnTerminal("readlink /proc/self/fd/0").ShouldBeOneOf("/dev/pts/0", "/dev/console");

    [Fact]
    [Statement("config-linux.md#default-devices", "with terminal /dev/console is the terminal")]
    public void The_console_is_it() =>
        OnTerminal("test -c /dev/console && [ \"$(stat -c %t:%T /dev/console)\" = \"$(stat -Lc %t:%T /proc/self/fd/0)\" ] && echo same").ShouldBe("same");

    [Fact]
    [Statement("config.md#process", "consoleSize is the size of the terminal")]
    public void The_size_is_the_configured() =>
        OnTerminal("stty size", b => b.Process["consoleSize"] = Json.Parse("""{"height":33,"width":99}""")).ShouldBe("33 99");

    [Fact]
    [Statement("config.md#process", "without terminal consoleSize is ignored")]
    public void The_size_is_ignored_without() =>
        Output(Script("echo fine").With(b => b.Process["consoleSize"] = Json.Parse("""{"height":33,"width":99}"""))).ShouldBe("fine");

    [Fact]
    [Statement("config.md#process", "the terminal's other end is given to the caller: what is typed reaches the program")]
    public void Keys_arrive()
    {
        using var master = Terminal(Script("stty -echo; echo ready; read line; echo got $line"), out var container);
        container.Start();
        Expect(master, "ready");
        master.Write("typed\n"u8);
        Expect(master, "got typed");
    }

    [Fact]
    [Statement("config.md#process", "the end of the terminal's other end is a hang-up for the program")]
    public void Closing_is_a_hang_up()
    {
        var master = Terminal(Script("trap 'echo hup >/hup; exit 0' HUP; echo ready; while :; do read line || :; done"), out var container);
        container.Start();
        Expect(master, "ready");
        master.Dispose();
        container.WaitForStop();
        File.ReadAllText(container.Bundle.In("hup")).ShouldBe("hup\n");
    }

    [Fact]
    [Statement("runc create(8)#console-socket", "with terminal create without somebody to take it is an error")]
    public void A_terminal_needs_a_taker() => ShouldBeRefused(NewBundle().With(b => b.Process["terminal"] = true));

    private string OnTerminal(string script, Action<Bundle>? change = null)
    {
        var bundle = Script(script + "; echo end of test");
        change?.Invoke(bundle);
        using var master = Terminal(bundle, out var container);
        container.Start();
        return Expect(master, "end of test").Split("end of test")[0].Trim();
    }

    private FileStream Terminal(Bundle bundle, out Container container)
    {
        bundle.Process["terminal"] = true;
        using var socket = new DescriptorSocket(Path.Combine(Folder, "console.sock"));
        container = Create(bundle, "--console-socket", socket.Path);
        var (_, descriptors) = socket.Receive();
        descriptors.Count.ShouldBe(1);
        return new FileStream(new SafeFileHandle(descriptors[0], ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
    }

    private static string Expect(FileStream master, string text)
    {
        var seen = "";
        var buffer = new byte[4096];
        while (!seen.Contains(text, StringComparison.Ordinal))
        {
            try
            {
                var read = master.Read(buffer);
                seen += System.Text.Encoding.UTF8.GetString(buffer, 0, read).Replace("\r", "");
            }
            catch (IOException) when (!seen.Contains(text, StringComparison.Ordinal))
            {
                // EIO: nobody has the other end open any more (pty(7)); what was printed is all there will be.
                seen.ShouldContain(text);
            }
        }

        return seen;
    }
}
