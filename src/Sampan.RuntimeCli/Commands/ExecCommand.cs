using Sampan.Flags;
using Sampan.Linux;
using Sampan.Runtime.Containers;
using Sampan.RuntimeCli.Terminals;

namespace Sampan.RuntimeCli.Commands;

/// <summary>exec: a further process in a container.</summary>
internal sealed class ExecCommand : Command
{
    private readonly ExecFlags _process;
    private readonly ValueFlag<string> _consoleSocket;
    private readonly ValueFlag<string> _pidFdSocket;
    private readonly ValueFlag<string> _pidFile;
    private readonly Switch _detach;
    private readonly Switch _ignorePaused;
    private readonly ValueFlag<long> _preserve;
    private readonly ListFlag _cgroup;

    public ExecCommand()
    {
        _process = new(Flags);
        _consoleSocket = Flags.Text("console-socket", '\0', "path to an AF_UNIX socket which will receive a file descriptor referencing the master end of the console's pseudoterminal");
        _pidFdSocket = Flags.Text("pidfd-socket", '\0', "path to an AF_UNIX socket which will receive a file descriptor referencing the exec process");
        _pidFile = Flags.Text("pid-file", '\0', "specify the file to write the process id to");
        _detach = Flags.Switch("detach", 'd', "detach from the container's process");
        _cgroup = Flags.List("cgroup", '\0', "run the process in an (existing) sub-cgroup(s). Format is [<controller>:]<cgroup>.");
        _ignorePaused = Flags.Switch("ignore-paused", '\0', "allow exec in a paused container");
        _preserve = Flags.Number("preserve-fds", '\0', "Pass N additional file descriptors to the container (stdio + $LISTEN_FDS + N in total)");
    }

    public override string Usage => "[command options] <container-id> <command> [command options]  || -p process.json <container-id>";

    public override int Least => 1;

    public override int Most => int.MaxValue;

    public override bool Interspersed => false;

    public override int FailureExitCode => 255;

    public override string Failure => "exec";

    public override bool EntersContainers => true;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Find(arguments[0]);
        if (container.Status is ContainerStatus.Stopped)
        {
            throw SampanException.Conflict("cannot exec a container that has stopped");
        }

        var process = _process.Read(container.Spec.Process!, arguments);
        var hasSocket = _consoleSocket.Value.Length > 0;
        if (_detach.Value && process.Terminal && !hasSocket)
        {
            throw SampanException.InvalidArgument("cannot allocate tty if runc will detach without setting console socket");
        }

        if (hasSocket && !(_detach.Value && process.Terminal))
        {
            throw SampanException.InvalidArgument("cannot use console socket if runc will not detach or allocate tty");
        }

        using var foreground = _detach.Value ? null : new ForegroundProcess(subreaper: false);
        using var started = container.Execute(ActivationSockets.Announce(process, ActivationSockets.Count), new()
        {
            IgnorePaused = _ignorePaused.Value,
            InheritStreams = true,
            PreservedDescriptors = CreationFlags.Preserved(_preserve) + ActivationSockets.Count,
            DiesWithParent = false,
            SubGroups = _cgroup.Values.Count > 0 ? SubGroups(_cgroup.Values) : null,
            Warn = session.Warn,
            Trace = session.Trace,
        });
        if (hasSocket)
        {
            DescriptorHandover.Send(_consoleSocket.Value, started.Terminal!, "/dev/ptmx");
        }

        if (_pidFdSocket.Value.Length > 0)
        {
            DescriptorHandover.Send(_pidFdSocket.Value, started.PidFd, "pidfd");
        }

        if (_pidFile.Value.Length > 0)
        {
            DescriptorHandover.WritePid(Path.GetFullPath(_pidFile.Value), started.Pid);
        }

        return foreground?.Await(started) ?? 0;
    }

    private static Dictionary<string, string> SubGroups(IReadOnlyList<string> values)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var parts = value.Split(':');
            switch (parts.Length)
            {
                case 1 when values.Count > 1:
                    throw SampanException.InvalidArgument($"invalid --cgroup argument: {value} (missing <controller>: prefix)");
                case 1:
                    groups[""] = value;
                    break;
                case 2:
                    foreach (var controller in parts[0].Split(','))
                    {
                        groups[controller] = parts[1];
                    }

                    break;
                default:
                    throw SampanException.InvalidArgument($"invalid --cgroup argument: {value}");
            }
        }

        return groups;
    }
}
