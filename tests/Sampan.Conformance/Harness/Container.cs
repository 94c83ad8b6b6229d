namespace Sampan.Conformance.Harness;

/// <summary>One container of a runtime, made by create or run; disposal ends and removes it whatever its state.</summary>
public sealed class Container : IDisposable
{
    private readonly OciRuntime _runtime;
    private readonly RunningCommand _command;
    private HostProcess? _first;

    /// <summary>Starts the command that makes it.</summary>
    internal Container(OciRuntime runtime, string id, Bundle bundle, RunningCommand command)
    {
        _runtime = runtime;
        Id = id;
        Bundle = bundle;
        _command = command;
    }

    /// <summary>Its identifier.</summary>
    public string Id { get; }

    /// <summary>What it was made from.</summary>
    public Bundle Bundle { get; }

    /// <summary>The command create (or run), whose streams are the container's.</summary>
    public RunningCommand Command => _command;

    /// <summary>What state prints.</summary>
    public JsonObject State => Json.Parse(_runtime.Call("state", Id).ShouldSucceed()).AsObject();

    /// <summary>The status word.</summary>
    public string Status => (string)State["status"]!;

    /// <summary>The first process, as the host sees it.</summary>
    public HostProcess First => _first ??= new HostProcess((int)State["pid"]!);

    /// <summary>Calls an operation with the id as its last argument.</summary>
    public CommandResult Call(params string[] arguments) => _runtime.Call([.. arguments, Id]);

    /// <summary>Starts it and asserts success.</summary>
    public Container Start()
    {
        _ = First;
        Call("start").ShouldSucceed();
        return this;
    }

    /// <summary>Kills it with a signal and asserts that the signal was taken.</summary>
    public void Kill(string signal = "KILL") => _runtime.Call("kill", Id, signal).ShouldSucceed();

    /// <summary>Waits for the first process's end and the status that follows.</summary>
    public Container WaitForStop()
    {
        First.WaitForEnd();
        Patience.ShouldCome(() => Status == "stopped", $"{Id} is not stopped although its process is gone");
        return this;
    }

    /// <summary>Waits for its end and returns all it printed.</summary>
    public string Output()
    {
        WaitForStop();
        return _command.Wait().Text;
    }

    /// <summary>Runs a script on the host's side of the container's first process: its namespaces, cgroups and files.</summary>
    public string Proc(string file) => File.ReadAllText($"/proc/{First.Pid}/{file}");

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = _runtime.Call("delete", "--force", Id);
        if (_first is not null)
        {
            _first.Signal(Native.SIGKILL);
            _first.Dispose();
        }

        _command.Dispose();
    }
}
