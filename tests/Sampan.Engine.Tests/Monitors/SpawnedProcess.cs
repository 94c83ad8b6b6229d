using System.Runtime.InteropServices;
using System.Text;
using Sampan.Engine.Monitors;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Tests.Monitors;

/// <summary>A shell that stands for a container: a child of this process with pipes or a terminal, and nothing else around it.</summary>
internal static unsafe partial class SpawnedProcess
{
    private const short NewSession = 0x80;

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
            var pid = Spawn(script, stdinRead.Number, stdoutWrite!.Number, stderrWrite!.Number);
            return new StartedProcess(pid, PidFd(pid)) { Stdin = stdinWrite, Stdout = stdoutRead, Stderr = stderrRead };
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
        var pid = Spawn(script, slave.Number, slave.Number, slave.Number);
        return new StartedProcess(pid, PidFd(pid)) { Terminal = master };
    }

    private static FileDescriptor PidFd(int pid) => new((int)Kernel.Check(Kernel.Call(SystemCall.PidfdOpen, pid), "pidfd"));

    private static (FileDescriptor Read, FileDescriptor? Write) Pipe()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(SystemCall.Pipe2, (nint)ends, 0x80000), "pipe");
        return (new(ends[0]), new(ends[1]));
    }

    private static int Spawn(string script, int stdin, int stdout, int stderr)
    {
        // Larger than glibc's opaque structures.
        var actions = stackalloc byte[512];
        var attributes = stackalloc byte[512];
        _ = ActionsInit(actions);
        _ = ActionsDup(actions, stdin, 0);
        _ = ActionsDup(actions, stdout, 1);
        _ = ActionsDup(actions, stderr, 2);
        _ = AttributesInit(attributes);
        _ = AttributesSetFlags(attributes, NewSession);
        var words = new[] { "sh\0", "-c\0", script + "\0" };
        var native = words.Select(word => (nint)Copy(word)).Append(0).ToArray();
        var path = Copy("/bin/sh\0");
        var environment = new[] { (nint)Copy("PATH=/usr/bin:/bin\0"), 0 };
        int pid;
        int result;
        fixed (nint* argv = native, envp = environment)
        {
            result = PosixSpawn(&pid, path, actions, attributes, argv, envp);
        }

        foreach (var pointer in native.Append((nint)path).Append(environment[0]))
        {
            NativeMemory.Free((void*)pointer);
        }

        _ = ActionsDestroy(actions);
        result.ShouldBe(0);
        return pid;
    }

    private static byte* Copy(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var target = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(target, bytes.Length));
        return target;
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int PosixSpawn(int* pid, byte* path, byte* actions, byte* attributes, nint* argv, nint* envp);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsDup(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(byte* attributes, short flags);
}
