using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>
/// The streams of a container whose monitor has died. A pipe lives while any process of the container has it open (<see cref="StandardPipes"/>),
/// and whoever has it is in the container's group; a terminal went with its master.
/// </summary>
/// <param name="state">What is recorded: the numbers of its pipes.</param>
/// <param name="group">The container's group.</param>
internal sealed class LastingStreams(ContainerState state, Cgroup group)
{
    private const string Input = "standard input";
    private const string Output = "standard output";
    private const string Error = "standard error";
    private readonly List<string> _lost = [];

    /// <summary>Opens what there is.</summary>
    /// <param name="process">The container's first process.</param>
    /// <param name="config">What it was started with.</param>
    /// <returns>The same with its streams.</returns>
    public StartedProcess Find(StartedProcess process, ContainerConfig config)
    {
        if (config.Tty)
        {
            return process with { Lost = [ProcessSession.TerminalWord] };
        }

        // Input that was to end with its client has ended: the client's connection is gone. Any other has been at its end for a while.
        var stdin = state.StdinPipe == 0 ? null : config.StdinOnce ? null : Open(state.StdinPipe, OpenFlags.WriteOnly, Input);
        if (state.StdinPipe != 0)
        {
            _lost.Add(stdin is null ? Input : Input + " so far");
        }

        return process with
        {
            Stdin = stdin,
            Stdout = Open(state.StdoutPipe, OpenFlags.ReadOnly, Output),
            Stderr = Open(state.StderrPipe, OpenFlags.ReadOnly, Error),
            Lost = _lost,
        };
    }

    /// <returns>Null where every process has closed it: then it is at its end.</returns>
    private FileDescriptor? Open(long number, OpenFlags flags, string name)
    {
        if (number == 0)
        {
            return null;
        }

        try
        {
            return PipeEnd.TryOpen(state.Pid, number, flags | OpenFlags.NonBlocking) ?? Search(number, flags | OpenFlags.NonBlocking);
        }
        catch (Exception problem) when (problem is LinuxException or SampanException)
        {
            // This host's root may not look into other processes: nothing more comes from there.
            _lost.Add(name);
            return null;
        }
    }

    /// <summary>Among all its processes, standing still: one that forks and ends meanwhile would hand the pipe on unseen.</summary>
    private FileDescriptor? Search(long number, OpenFlags flags)
    {
        var freezes = !group.IsFrozen;
        if (freezes)
        {
            group.Freeze();
        }

        try
        {
            foreach (var pid in group.Pids())
            {
                if (PipeEnd.TryOpen(pid, number, flags) is { } end)
                {
                    return end;
                }
            }

            return null;
        }
        finally
        {
            if (freezes)
            {
                group.Thaw();
            }
        }
    }
}
