using Sampan.Engine.Monitors;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Tests.Monitors;

/// <summary>A shell that stands for a container: a child of this process with pipes or a terminal, and nothing else around it.</summary>
internal static unsafe class SpawnedProcess
{
    public static StartedProcess Shell(string script, bool input = false, bool terminal = false, bool lasting = false)
    {
        if (terminal)
        {
            return OnTerminal(script);
        }

        var (stdinRead, stdinWrite) = input ? Pipe() : (FileDescriptor.Open("/dev/null", OpenFlags.ReadOnly), null);
        var (stdoutRead, stdoutWrite) = Pipe();
        var (stderrRead, stderrWrite) = Pipe();
        if (lasting)
        {
            stdoutWrite = Lasting(stdoutWrite!);
            stderrWrite = Lasting(stderrWrite!);
        }

        using (stdinRead)
        using (stdoutWrite)
        using (stderrWrite)
        {
            var (pid, process) = Spawn(script, stdinRead.Number, stdoutWrite!.Number, stderrWrite!.Number);
            return new StartedProcess(pid, process) { Stdin = stdinWrite, Stdout = stdoutRead, Stderr = stderrRead };
        }
    }

    private static FileDescriptor Lasting(FileDescriptor write)
    {
        using (write)
        {
            return PipeEnd.Open(write, OpenFlags.ReadWrite);
        }
    }

    private static StartedProcess OnTerminal(string script)
    {
        var master = FileDescriptor.Open("/dev/ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
        var unlocked = 0;
        Kernel.Check(Kernel.Call(SystemCall.Ioctl, master.Number, 0x40045431, (nint)(&unlocked)), "unlock");
        const int getPeer = 0x5441;
        using var slave = new FileDescriptor((int)Kernel.Check(Kernel.Call(SystemCall.Ioctl, master.Number, getPeer, 2 | 0x100 | 0x80000), "peer"));
        var (pid, process) = Spawn(script, slave.Number, slave.Number, slave.Number);
        return new StartedProcess(pid, process) { Terminal = master };
    }

    private static (FileDescriptor Read, FileDescriptor? Write) Pipe()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(SystemCall.Pipe2, (nint)ends, 0x80000), "pipe");
        return (new(ends[0]), new(ends[1]));
    }

    private static (int Pid, FileDescriptor Process) Spawn(string script, params ReadOnlySpan<int> streams) =>
        SpawnedProgram.Start("/bin/sh", ["sh", "-c", script], ["PATH=/usr/bin:/bin"], streams, leadsSession: true);
}
