using System.Text;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Processes;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Containers;

/// <summary>Runs hooks one after the other with the container's state on their standard input (config.md, "POSIX-platform Hooks").</summary>
/// <param name="record">The container.</param>
internal sealed class HookRunner(ContainerRecord record)
{
    private const int SigKill = 9;
    private const int LongestReport = 4096;

    /// <summary>Runs them in the runtime's namespaces.</summary>
    /// <param name="name">Which kind, for messages.</param>
    /// <param name="hooks">In order.</param>
    /// <param name="status">What the state says.</param>
    /// <exception cref="SampanException">One failed, or took too long; those after it were not run.</exception>
    public void Run(string name, IReadOnlyList<RuntimeHook> hooks, ContainerStatus status) =>
        RunEach(name, hooks, StateDocument.ForHooks(record, status), static (hook, streams) => ProgramLauncher.Launch(Program(hook, streams)));

    /// <summary>Runs them in the container's namespaces, their paths being the runtime's (createContainer).</summary>
    /// <param name="name">Which kind.</param>
    /// <param name="hooks">In order.</param>
    /// <param name="status">What the state says.</param>
    /// <param name="init">pidfd of the first process.</param>
    /// <param name="namespaces">The container's namespaces.</param>
    /// <exception cref="SampanException">One failed.</exception>
    public void RunBeside(string name, IReadOnlyList<RuntimeHook> hooks, ContainerStatus status, FileDescriptor init, IReadOnlyList<RuntimeNamespace> namespaces) =>
        RunEach(name, hooks, StateSeenInside(status), (hook, streams) => ProgramLauncher.Launch(Program(hook, streams) with { InitPidFd = init, Namespaces = namespaces }));

    /// <summary>
    /// Runs them in the container as its process would run (startContainer): the program is the container's own, so it gets no right the
    /// container's process has not.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="name">Which kind.</param>
    /// <param name="hooks">In order.</param>
    /// <param name="status">What the state says.</param>
    /// <exception cref="SampanException">One failed.</exception>
    public void RunInside(OciContainer container, string name, IReadOnlyList<RuntimeHook> hooks, ContainerStatus status) =>
        RunEach(name, hooks, StateSeenInside(status), (hook, streams) =>
        {
            var own = container.Spec.Process!;
            return container.Execute(
                own with { Args = Arguments(hook), Env = hook.Env ?? [], Terminal = false, Cwd = "/" },
                new() { Executable = hook.Path, Stdin = streams.Input, Stdout = streams.Output, Stderr = streams.Error });
        });

    // runtime.md, "State": hooks in the container's namespaces read the pid as the container numbers it.
    private byte[] StateSeenInside(ContainerStatus status) => StateDocument.ForHooks(record with { Pid = ProcessStatus.InnermostPid(record.Pid) }, status);

    private static void RunEach(string name, IReadOnlyList<RuntimeHook> hooks, byte[] state, Func<RuntimeHook, HookStreams, LaunchedProcess> launch)
    {
        for (var index = 0; index < hooks.Count; index++)
        {
            var hook = hooks[index];
            using var streams = new HookStreams(state);
            try
            {
                using var process = launch(hook, streams);
                Await(process, hook, streams);
            }
            catch (SampanException error)
            {
                throw new SampanException(error.Kind, $"error running {name} hook #{index}: {error.Message}", error);
            }
        }
    }

    private static void Await(LaunchedProcess process, RuntimeHook hook, HookStreams streams)
    {
        var limit = hook.Timeout is > 0 and var seconds ? Math.Min(seconds, int.MaxValue / 1000) * 1000 : -1;
        if (!Poll.Wait(process.PidFd.Number, EpollEvents.Readable, limit))
        {
            ChildProcess.Kill(process.PidFd, SigKill);
            _ = ChildProcess.Wait(process.PidFd);
            throw SampanException.Unavailable($"{hook.Path} did not end within its timeout of {hook.Timeout} s and was killed");
        }

        var status = ChildProcess.Wait(process.PidFd);
        if (status != 0)
        {
            var words = status > 128 ? $"signal {status - 128}" : $"exit status {status}";
            throw SampanException.Unavailable($"{words}, stdout: {Tail(streams.Output)}, stderr: {Tail(streams.Error)}");
        }
    }

    private static ProgramRequest Program(RuntimeHook hook, HookStreams streams) => new()
    {
        Path = hook.Path,
        Arguments = Arguments(hook),
        // As runc: a hook that names no environment gets the runtime's.
        Environment = hook.Env ?? OwnEnvironment.List(),
        Stdin = streams.Input,
        Stdout = streams.Output,
        Stderr = streams.Error,
    };

    private static IReadOnlyList<string> Arguments(RuntimeHook hook) => hook.Args is { Count: > 0 } arguments ? arguments : [hook.Path];

    private static string Tail(FileDescriptor file)
    {
        Span<byte> text = stackalloc byte[LongestReport];
        var size = file.Status().Size;
        var count = file.ReadAt(text, Math.Max(0, size - LongestReport));
        return Encoding.UTF8.GetString(text[..Math.Max(0, count)]).Trim();
    }

    /// <summary>Files in memory: no pipe to fill, no reader to wait for.</summary>
    private sealed class HookStreams : IDisposable
    {
        public HookStreams(byte[] state)
        {
            Input = MemoryFile.Create("state");
            Output = MemoryFile.Create("stdout");
            Error = MemoryFile.Create("stderr");
            Input.WriteAll(state);
            Input.Seek(0, SeekOrigin.Begin);
        }

        public FileDescriptor Input { get; }

        public FileDescriptor Output { get; }

        public FileDescriptor Error { get; }

        public void Dispose()
        {
            Input.Dispose();
            Output.Dispose();
            Error.Dispose();
        }
    }
}
