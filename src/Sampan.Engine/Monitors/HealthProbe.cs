using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Interop;
using Sampan.Linux.Memory;

namespace Sampan.Engine.Monitors;

/// <summary>Runs health checks in the container, one at a time. They are children of the monitor, which reaps them.</summary>
/// <param name="loop">Who tells of events.</param>
/// <param name="runtime">Who makes processes.</param>
/// <param name="buffer">What output is read into.</param>
internal sealed class HealthProbe(EventLoop loop, IContainerRuntime runtime, AnonymousMemory buffer)
{
    private const int SigKill = 9;
    private const int NotRun = -1;
    private ProcessSession? _session;
    private Func<string> _written = static () => "";
    private DateTimeOffset _start;
    private Action<HealthResult>? _done;
    private string _timeout = "";

    /// <summary>One runs.</summary>
    public bool Busy => _session is not null;

    /// <summary>Id of the process in events.</summary>
    public string ExecutionId { get; private set; } = "";

    /// <summary>Starts one.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="done">Called with its result.</param>
    /// <returns>The result of one that could not be started; null where it runs.</returns>
    public HealthResult? Start(IReadOnlyList<string> command, Action<HealthResult> done)
    {
        _start = DateTimeOffset.UtcNow;
        _timeout = "";
        var output = new ProbeOutput();
        _written = () => output.Text;
        try
        {
            var process = runtime.Execute(new ExecRequest { Cmd = command });
            ExecutionId = ContainerId.Generate();
            _done = done;
            _session = new ProcessSession(loop, process, output, buffer, OnEnded);
            return null;
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            return Result(NotRun, problem.Message);
        }
    }

    /// <summary>Kills it and what it has started in its session.</summary>
    /// <param name="milliseconds">What it was given.</param>
    public void TimeOut(long milliseconds)
    {
        _timeout = string.Create(CultureInfo.InvariantCulture, $"Health check exceeded timeout ({GoDuration(milliseconds)})");
        Kill();
    }

    /// <summary>Nobody wants its result any more.</summary>
    public void Abandon()
    {
        _done = null;
        Kill();
    }

    private void Kill()
    {
        if (_session is { ExitCode: null } session)
        {
            // Not reaped yet: the number is still its own, also as that of its process group (setsid(2) at its start).
            _ = Kernel.Call(SystemCall.Kill, -session.Pid, SigKill);
            session.Signal(SigKill);
        }
    }

    private void OnEnded(ProcessSession session)
    {
        // What it left running may hold the pipes for ever: nobody reads them.
        session.Finish();
        _session = null;
        var done = _done;
        _done = null;
        done?.Invoke(_timeout.Length == 0
            ? Result(session.ExitCode ?? NotRun, _written())
            : Result(NotRun, _written() is { Length: > 0 } text ? $"{_timeout}: {text}" : _timeout));
        _written = static () => "";
    }

    private HealthResult Result(int exitCode, string output) => new() { Start = _start, End = DateTimeOffset.UtcNow, ExitCode = exitCode, Output = output };

    private static string GoDuration(long milliseconds)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);
        var seconds = (time.TotalSeconds - (60 * (long)time.TotalMinutes)).ToString("0.###", CultureInfo.InvariantCulture);
        return milliseconds switch
        {
            < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms"),
            < 60_000 => $"{seconds}s",
            < 3_600_000 => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m{seconds}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}h{time.Minutes}m{seconds}s"),
        };
    }
}
