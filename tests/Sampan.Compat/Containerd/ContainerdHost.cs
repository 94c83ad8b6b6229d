namespace Sampan.Compat.Containerd;

/// <summary>containerd with its own data, and ctr, told to use the runtime under test.</summary>
public sealed class ContainerdHost : IDisposable
{
    private const string Image = "docker.io/library/busybox:latest";

    private readonly EnginePlace _place;
    private readonly RunningCommand _daemon;

    /// <summary>Starts containerd and imports the image.</summary>
    public ContainerdHost()
    {
        RuntimeUnderTest.Require("containerd", "containerd", "drives the runtime");
        _place = new EnginePlace("containerd");
        var log = _place.PathOf("log");
        var settings = _place.PathOf("config.toml");
        File.WriteAllText(settings, "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n");
        _daemon = _place.Start(
            "/bin/sh",
            "-c",
            "log=$1; shift; exec containerd \"$@\" >\"$log\" 2>&1",
            "sh",
            log,
            "--config", settings, "--address", Address, "--root", _place.PathOf("data"), "--state", _place.PathOf("x"));
        try
        {
            Polling.ShouldCome(
                () => _daemon.HasExited ? throw new InvalidOperationException("containerd does not start: " + File.ReadAllText(log)) : Ctr("version").ExitCode == 0,
                () => "containerd answers: " + File.ReadAllText(log));
            var archive = _place.PathOf("busybox.tar");
            ImageArchive.Write(archive);
            Ctr("images", "import", archive).ShouldSucceed();
        }
        catch
        {
            _daemon.Dispose();
            _place.Dispose();
            throw;
        }
    }

    private string Address => _place.PathOf("containerd.sock");

    /// <summary>A folder for the tests' own files.</summary>
    public string Folder => _place.Folder;

    /// <summary>Runs ctr to its end.</summary>
    public CommandResult Ctr(params string[] arguments) => _place.Run("ctr", WithOptions(arguments));

    /// <summary>Starts ctr and returns while it runs.</summary>
    public RunningCommand Start(params string[] arguments) => _place.Start("ctr", WithOptions(arguments));

    /// <summary>Starts ctr on a terminal.</summary>
    public PseudoTerminal OnTerminal(params string[] arguments) => _place.OnTerminal("ctr", WithOptions(arguments));

    /// <summary>Runs ctr run.</summary>
    /// <param name="id">The container's id.</param>
    /// <param name="options">Options of ctr run.</param>
    /// <param name="command">The command and its arguments.</param>
    public CommandResult Run(string id, string[] options, params string[] command) => Ctr(RunArguments(id, options, command));

    /// <summary>The arguments of ctr run with the runtime and the image.</summary>
    public string[] RunArguments(string id, string[] options, params string[] command) =>
        ["run", "--runc-binary", RuntimeUnderTest.Binary, .. options, Image, id, .. command];

    /// <summary>The status of a task as tasks ls shows it.</summary>
    public string Status(string id) =>
        Ctr("tasks", "ls").Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(fields => fields[0] == id)?[2] ?? "";

    /// <summary>The host's process id of a task.</summary>
    public int Pid(string id) =>
        int.Parse(Ctr("tasks", "ls").Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Single(fields => fields[0] == id)[1]);

    /// <summary>Kills a task and removes it and its container.</summary>
    public void Remove(string id)
    {
        Ctr("tasks", "delete", "--force", id).ShouldSucceed();
        Ctr("containers", "delete", id).ShouldSucceed();
        RuntimeKnows(id).ShouldBeFalse("the runtime still has the state of a removed container");
    }

    /// <summary>Whether the runtime has a state folder for a container.</summary>
    public bool RuntimeKnows(string id) => _place.RuntimeKnows(id);

    /// <inheritdoc/>
    public void Dispose()
    {
        using (_place)
        using (_daemon)
        {
            foreach (var id in Ctr("containers", "ls", "--quiet").Lines)
            {
                _ = Ctr("tasks", "delete", "--force", id);
                Ctr("containers", "delete", id).ShouldSucceed();
            }

            _place.RuntimeLeftovers("*").ShouldBeEmpty("the runtime left something of containers that were removed");
            _daemon.Signal(Native.SIGTERM);
            Polling.ShouldCome(() => _daemon.HasExited, "containerd ends");
        }
    }

    // The namespace is the control group's name, too.
    private IEnumerable<string> WithOptions(string[] arguments) => ["--address", Address, "--namespace", _place.Name, .. arguments];
}
