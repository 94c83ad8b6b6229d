using System.Text.Json;

namespace Sampan.Compat.Docker;

/// <summary>dockerd with its own data and the runtime under test as its default, and the real client.</summary>
public class DockerHost : IDisposable
{
    /// <summary>The name dockerd knows the runtime by.</summary>
    public const string RuntimeName = "sampan";

    /// <summary>The name of the same runtime for --privileged.</summary>
    public const string ConfinedName = "confined";

    private readonly RunningCommand _daemon;

    /// <summary>Starts dockerd and loads the image.</summary>
    public DockerHost()
        : this(RuntimeName)
    {
    }

    /// <summary>The same with another runtime for its default.</summary>
    /// <param name="runtime">Its name.</param>
    /// <param name="options">Further options of dockerd.</param>
    protected DockerHost(string runtime, params string[] options)
    {
        RuntimeUnderTest.Require("docker.io", "dockerd", "drives the runtime");
        RuntimeUnderTest.Require("iptables", "iptables", "sets up docker's bridge");
        Place = new EnginePlace("docker");
        var log = Place.PathOf("log");
        _daemon = Place.Start(
            "/bin/sh",
            [
                "-c",
                // Its containerd writes its stacks there when it is found to be slow.
                "log=$1; shift; export TMPDIR=${log%/*}; exec dockerd \"$@\" >\"$log\" 2>&1",
                "sh",
                log,
                "--host", Socket,
                "--data-root", Place.PathOf("data"),
                "--exec-root", Place.PathOf("x"),
                "--pidfile", Place.PathOf("pid"),
                "--storage-driver", "overlay2",
                "--cgroup-parent", Place.ControlGroup,
                "--add-runtime", $"{RuntimeName}={RuntimeUnderTest.Binary}",
                "--add-runtime", $"{ConfinedName}={ConfinedRuntime.In(Place.Folder)}",
                "--default-runtime", runtime,
                "--shutdown-timeout", "5",
                .. options,
            ]);
        try
        {
            Polling.ShouldCome(
                () => _daemon.HasExited ? throw new InvalidOperationException("dockerd does not start: " + File.ReadAllText(log)) : Docker("version").ExitCode == 0,
                () => "dockerd answers: " + File.ReadAllText(log));
            var archive = Place.PathOf("busybox.tar");
            ImageArchive.Write(archive);
            Docker("load", "--quiet", "--input", archive).ShouldSucceed();
        }
        catch
        {
            _daemon.Dispose();
            Place.Dispose();
            throw;
        }
    }

    /// <summary>A folder for the tests' own files.</summary>
    public string Folder => Place.Folder;

    /// <summary>The control group of all its containers.</summary>
    public string Name => Place.Name;

    /// <summary>Where dockerd runs.</summary>
    protected EnginePlace Place { get; }

    /// <summary>Where it listens.</summary>
    protected string Socket => "unix://" + Place.PathOf("docker.sock");

    /// <summary>Runs the client to its end with an empty standard input.</summary>
    public CommandResult Docker(params string[] arguments) => Place.Run("docker", WithOptions(arguments));

    /// <summary>Starts the client and returns while it runs.</summary>
    public RunningCommand Start(params string[] arguments) => Place.Start("docker", WithOptions(arguments));

    /// <summary>Starts the client on a terminal.</summary>
    public PseudoTerminal OnTerminal(params string[] arguments) => Place.OnTerminal("docker", WithOptions(arguments));

    /// <summary>Runs a shell script in a new container and asserts success.</summary>
    public string Run(string script, params string[] options) =>
        Docker(["run", "--rm", .. options, "busybox", "sh", "-c", script]).ShouldSucceed();

    /// <summary>Starts a container in the background and returns its id.</summary>
    public string Detached(params string[] arguments) => Docker(["run", "-d", .. arguments]).ShouldSucceed();

    /// <summary>A field of docker inspect.</summary>
    public string Inspect(string name, string format) => Docker("inspect", "--format", format, name).ShouldSucceed();

    /// <summary>What docker inspect prints.</summary>
    public JsonElement Inspect(string name)
    {
        using var document = JsonDocument.Parse(Docker("inspect", name).ShouldSucceed());
        return document.RootElement[0].Clone();
    }

    /// <summary>Waits until a container's log is a text.</summary>
    public void ShouldLog(string container, string text) =>
        Polling.ShouldCome(() => Docker("logs", container).Text == text, () => $"{container} logs {text}, but: {Docker("logs", container)}");

    /// <summary>Removes a container and asserts that nothing of the runtime's state of it is left.</summary>
    public void Remove(string container)
    {
        var id = Inspect(container, "{{.Id}}");
        Docker("rm", "-f", container).ShouldSucceed();
        Place.RuntimeKnows(id).ShouldBeFalse("the runtime still has the state of a removed container");
    }

    /// <summary>Whether the runtime has a state folder for a container.</summary>
    public bool RuntimeKnows(string id) => Place.RuntimeKnows(id);

    /// <summary>Runs a shell script beside dockerd, in its network.</summary>
    public string Shell(string script) => Place.Shell(script);

    /// <inheritdoc/>
    public void Dispose()
    {
        using (Place)
        {
            Stop();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what the tests left, asserts that the runtime left nothing, and ends dockerd.</summary>
    protected virtual void Stop()
    {
        using (_daemon)
        {
            var ids = Docker("ps", "-aq").Lines;
            if (ids.Count > 0)
            {
                Docker(["rm", "-f", "-v", .. ids]).ShouldSucceed();
            }

            Place.RuntimeLeftovers("*").ShouldBeEmpty("the runtime left something of containers that were removed");
            _daemon.Signal(Native.SIGTERM);
            Polling.ShouldCome(() => _daemon.HasExited, "dockerd ends");
        }
    }

    private IEnumerable<string> WithOptions(string[] arguments) => ["--config", Place.PathOf("client"), "--host", Socket, .. arguments];
}
