using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sampan.EndToEnd.Harness;

/// <summary>A terminal with a command on it: what a person at a keyboard sees and types.</summary>
public sealed class PseudoTerminal : IDisposable
{
    private const string End = "\0end of the test's command\0";
    private readonly FileStream _master;
    private readonly SafeFileHandle _slave;
    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly string _commandLine;
    private int _seen;

    /// <summary>Opens a terminal of 24 rows and 80 columns and starts a program as its session leader.</summary>
    public PseudoTerminal(string program, IEnumerable<string> arguments)
    {
        var fd = Native.open("/dev/ptmx", Native.O_RDWR | Native.O_NOCTTY | Native.O_CLOEXEC);
        fd.ShouldBeGreaterThanOrEqualTo(0, "opening /dev/ptmx");
        int unlocked = 0, number = 0;
        Native.ioctl(fd, Native.TIOCSPTLCK, ref unlocked).ShouldBe(0);
        Native.ioctl(fd, Native.TIOCGPTN, ref number).ShouldBe(0);
        Device = $"/dev/pts/{number}";
        _master = new FileStream(new SafeFileHandle(fd, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        Resize(24, 80);

        // While nobody has the other end open, reading this one fails (EIO): between the shell's stty and the command, for one.
        _slave = new SafeFileHandle(Native.open(Device, Native.O_RDWR | Native.O_NOCTTY | Native.O_CLOEXEC), ownsHandle: true);

        string[] words = [program, .. arguments];
        _commandLine = string.Join(' ', words);
        // setsid -c makes its standard input, the terminal, the controlling one. The three streams are
        // one description open for both, as a login gives them: some programs read what they type from standard error. The saved settings tell
        // whether they were restored.
        string[] shell =
        [
            "-c", "stty -g <\"$0\" >&2; exec setsid -w -c \"$@\" <>\"$0\" >&0 2>&0", Device, .. words,
        ];
        _process = Process.Start(new ProcessStartInfo("/bin/sh", shell) { RedirectStandardError = true, UseShellExecute = false })!;
        SettingsBefore = _process.StandardError.ReadLine() ?? "";
        new Thread(Collect) { IsBackground = true }.Start();
    }

    /// <summary>The terminal's device, /dev/pts/N.</summary>
    public string Device { get; }

    /// <summary>The terminal's settings (stty -g) before the command started.</summary>
    public string SettingsBefore { get; }

    /// <summary>The terminal's settings now.</summary>
    public string SettingsNow
    {
        get
        {
            using var stty = new RunningCommand("/bin/sh", ["-c", "stty -g <\"$0\"", Device]);
            return stty.Wait().ShouldSucceed();
        }
    }

    /// <summary>Everything printed so far.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
            {
                return _screen.ToString();
            }
        }
    }

    /// <summary>The process id of the command.</summary>
    public int Pid => _process.Id;

    /// <summary>Changes the size, as a window manager would.</summary>
    public void Resize(ushort rows, ushort columns)
    {
        var size = new Native.WindowSize { Rows = rows, Columns = columns };
        Native.ioctl((int)_master.SafeFileHandle.DangerousGetHandle(), Native.TIOCSWINSZ, ref size).ShouldBe(0);
    }

    /// <summary>Types.</summary>
    public void Send(string keys)
    {
        _master.Write(Encoding.UTF8.GetBytes(keys));
        _master.Flush();
    }

    /// <summary>Waits until a text is printed after what was last expected.</summary>
    public void Expect(string text)
    {
        Patience.ShouldCome(() => Find(text), $"sampan {_commandLine}\nwaiting for: {text}\nscreen: {Screen}");
    }

    /// <summary>Waits for the command's end, until all it printed is on the screen, and returns its exit code.</summary>
    public int Wait()
    {
        _process.WaitForExit(Patience.Limit).ShouldBeTrue($"sampan {_commandLine} does not end\nscreen: {Screen}");

        // What was printed before comes before it.
        using (var printer = new FileStream(Device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            printer.Write(Encoding.ASCII.GetBytes(End));
        }

        Patience.ShouldCome(TakeEnd, $"sampan {_commandLine} has ended\nscreen: {Screen}");
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _slave.Dispose();
        _master.Dispose();
    }

    private bool TakeEnd()
    {
        lock (_screen)
        {
            var at = _screen.ToString().IndexOf(End, StringComparison.Ordinal);
            if (at >= 0)
            {
                _screen.Remove(at, End.Length);
            }

            return at >= 0;
        }
    }

    private bool Find(string text)
    {
        lock (_screen)
        {
            var at = _screen.ToString().IndexOf(text, _seen, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            _seen = at + text.Length;
            return true;
        }
    }

    private void Collect()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = _master.Read(buffer)) > 0)
            {
                lock (_screen)
                {
                    _screen.Append(Encoding.UTF8.GetString(buffer, 0, read));
                }
            }
        }
        catch (IOException)
        {
            // EIO: the last holder of the other end is gone (pty(7)).
        }
        catch (ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
