using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Terminals;

namespace Sampan.Linux.Tests.Terminals;

public sealed unsafe class TerminalModeTests : IDisposable
{
    private const int Unlock = 0x4004_5431;
    private const int OpenPeer = 0x5441;
    private const int SetSize = 0x5414;

    private readonly FileDescriptor _master = FileDescriptor.Open("/dev/ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
    private readonly FileDescriptor _terminal;

    public TerminalModeTests()
    {
        var zero = 0;
        Kernel.Check(Kernel.Call(SystemCall.Ioctl, _master.Number, Unlock, (nint)(&zero)), "unlock");
        _terminal = new((int)Kernel.Check(Kernel.Call(SystemCall.Ioctl, _master.Number, OpenPeer, (nint)(2 | 0x100 | 0x8_0000)), "open peer"));
    }

    public void Dispose()
    {
        _terminal.Dispose();
        _master.Dispose();
    }

    [Fact]
    public void Raw_mode_ends_with_the_mode_before()
    {
        TypeAndEcho("a").ShouldBe("a");
        using (TerminalMode.MakeRaw(_terminal.Number))
        {
            TypeAndEcho("b").ShouldBeEmpty();

            // No lines any more: keys arrive without a newline, the one typed before too, and ctrl-c is a key.
            _master.WriteAll("\u0003"u8);
            Span<byte> keys = stackalloc byte[3];
            var length = 0;
            while (length < keys.Length)
            {
                // The last key may still be on its way through the terminal's queue.
                length += _terminal.Read(keys[length..]);
            }

            System.Text.Encoding.ASCII.GetString(keys).ShouldBe("ab\u0003");
        }

        TypeAndEcho("c").ShouldBe("c");
    }

    [Fact]
    public void A_file_is_no_terminal()
    {
        using var file = FileDescriptor.Open("/dev/null", OpenFlags.ReadOnly);
        TerminalMode.IsTerminal(file.Number).ShouldBeFalse();
        TerminalMode.IsTerminal(_terminal.Number).ShouldBeTrue();
        TerminalSize.TryRead(file.Number).ShouldBeNull();
        Should.Throw<LinuxException>(() => TerminalMode.MakeRaw(file.Number)).Errno.ShouldBe(Errno.ENOTTY);
    }

    [Fact]
    public void The_size_is_the_terminals()
    {
        var size = stackalloc ushort[4] { 40, 100, 0, 0 };
        Kernel.Check(Kernel.Call(SystemCall.Ioctl, _master.Number, SetSize, (nint)size), "set size");
        TerminalSize.TryRead(_terminal.Number).ShouldBe(new TerminalSize(40, 100));
    }

    // What the terminal echoes of a key is readable at the master at once.
    private string TypeAndEcho(string key)
    {
        _master.WriteAll(System.Text.Encoding.ASCII.GetBytes(key));
        Span<byte> echo = stackalloc byte[8];
        return Linux.Events.Poll.Wait(_master.Number, Linux.Events.EpollEvents.Readable, 100)
            ? System.Text.Encoding.ASCII.GetString(echo[.._master.Read(echo)])
            : "";
    }
}
