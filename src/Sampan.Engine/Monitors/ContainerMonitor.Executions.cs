using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Linux;

namespace Sampan.Engine.Monitors;

/// <summary>Further processes in the container.</summary>
internal sealed partial class ContainerMonitor
{
    private readonly List<ProcessSession> _executions = [];

    private void Execute(MonitorClient client, MonitorRequest request)
    {
        RequireRunning();
        if (Frozen)
        {
            // A process that joins a frozen group would hang, and this monitor with it.
            throw SampanException.Conflict($"Container {_container.Id} is paused, unpause the container before exec");
        }

        var process = _runtime.Execute(new ExecRequest
        {
            Cmd = request.Cmd ?? [],
            Detach = request.Detach,
            Stdin = request.Stdin,
            Tty = request.Tty,
            Rows = request.Rows,
            Columns = request.Columns,
            Env = request.Env ?? [],
            WorkingDir = request.WorkingDir ?? "",
            User = request.User ?? "",
            Privileged = request.Privileged,
        });
        var session = new ProcessSession(_loop, process, new NoLogWriter(), _buffer, OnExecutionEnded)
        {
            InputEndsWithClient = true,
            ExecutionId = ContainerId.Generate(),
        };
        _executions.Add(session);
        session.Resize(request.Rows, request.Columns);
        client.SendNumber(FrameType.Started, process.Pid);
        if (request.Detach)
        {
            session.Input?.End();
            client.CloseWhenFlushed();
        }
        else
        {
            client.Join(session, request.Stdin, stdout: true, stderr: true);
        }

        TellOfExecution(session.ExecutionId, request.Cmd ?? []);
    }

    private void TellOfExecution(string id, IReadOnlyList<string> command)
    {
        var words = string.Join(' ', command);
        Tell("exec_create: " + words, ("execID", id));
        Tell("exec_start: " + words, ("execID", id));
    }

    private void OnExecutionEnded(ProcessSession session)
    {
        // What it left running in the background may still write, and must not die of a pipe without a reader.
        session.DrainAndLinger(lingering => _lingering.Remove(lingering), _lingering.Add);
        _executions.Remove(session);
        Tell("exec_die", ("execID", session.ExecutionId), ("exitCode", Number(session.ExitCode ?? 0)));
        for (var index = _clients.Count - 1; index >= 0; index--)
        {
            if (_clients[index].Session == session)
            {
                TellExit(_clients[index], session.ExitCode ?? 0);
            }
        }
    }
}
