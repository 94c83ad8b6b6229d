using System.Text.Json;

namespace Sampan.Compat.Podman;

/// <summary>podman with its own storage, told to use the runtime under test.</summary>
public class PodmanHost : IDisposable
{
    private readonly EnginePlace _place;

    // Of a runtime whose name podman does not know it reads plain lines instead of the JSON log, unless told.
    private const string Settings = "[engine]\nruntime_supports_json = [\"NAME\"]\n";

    private readonly bool _confined;

    /// <summary>Makes the place and loads the image.</summary>
    public PodmanHost()
        : this(confined: false)
    {
    }

    /// <summary>As above.</summary>
    /// <param name="confined">Uses <see cref="ConfinedRuntime"/>, of which podman does not know that it logs JSON.</param>
    protected PodmanHost(bool confined)
    {
        _confined = confined;
        RuntimeUnderTest.Require("podman", "podman", "drives the runtime");
        RuntimeUnderTest.Require("iptables", "iptables", "publishes podman's ports");
        RuntimeUnderTest.Require("tini", "tini-static", "is the first process of podman run --init");
        _place = new EnginePlace("podman");
        try
        {
            if (!confined)
            {
                File.WriteAllText(SettingsFile, Settings.Replace("NAME", Path.GetFileName(RuntimeUnderTest.Binary)));
            }

            var archive = _place.PathOf("busybox.tar");
            ImageArchive.Write(archive);
            Podman("load", "--input", archive).ShouldSucceed();
        }
        catch
        {
            _place.Dispose();
            throw;
        }
    }

    /// <summary>A folder for the tests' own files.</summary>
    public string Folder => _place.Folder;

    private string SettingsFile => _place.PathOf("containers.conf");

    /// <summary>Runs podman to its end.</summary>
    public CommandResult Podman(params string[] arguments) => _place.Run("env", WithOptions(arguments));

    /// <summary>Starts podman and returns while it runs.</summary>
    public RunningCommand Start(params string[] arguments) => _place.Start("env", WithOptions(arguments));

    /// <summary>Starts podman on a terminal.</summary>
    public PseudoTerminal OnTerminal(params string[] arguments) => _place.OnTerminal("env", WithOptions(arguments));

    /// <summary>Runs a shell script in a new container and asserts success.</summary>
    public string Run(string script, params string[] options) =>
        Podman(["run", "--rm", .. options, "busybox", "sh", "-c", script]).ShouldSucceed();

    /// <summary>Starts a container in the background and returns its id.</summary>
    public string Detached(params string[] arguments) => Podman(["run", "-d", .. arguments]).ShouldSucceed();

    /// <summary>A field of podman inspect.</summary>
    public string Inspect(string container, string format) => Podman("inspect", "--format", format, container).ShouldSucceed();

    /// <summary>What podman inspect prints of a container.</summary>
    public JsonElement Inspect(string container)
    {
        using var document = JsonDocument.Parse(Podman("inspect", container).ShouldSucceed());
        return document.RootElement[0].Clone();
    }

    /// <summary>Removes a container and asserts that neither a process nor the runtime's state of it is left.</summary>
    public void Remove(string container)
    {
        var id = Inspect(container, "{{.Id}}");
        Podman("rm", "-f", "-t", "0", container).ShouldSucceed();
        _place.RuntimeKnows(id).ShouldBeFalse("the runtime still has the state of a removed container");
    }

    /// <summary>Whether the runtime has a state folder for a container.</summary>
    public bool RuntimeKnows(string id) => _place.RuntimeKnows(id);

    /// <summary>Runs a shell script beside podman, in its network.</summary>
    public string Shell(string script) => _place.Shell(script);

    /// <inheritdoc/>
    public void Dispose()
    {
        using (_place)
        {
            Podman("pod", "rm", "--all", "--force").ShouldSucceed();
            Podman("rm", "--all", "--force", "--time", "0").ShouldSucceed();
            _place.RuntimeLeftovers("libpod-*").ShouldBeEmpty("the runtime left something of containers that were removed");
        }

        GC.SuppressFinalize(this);
    }

    private IEnumerable<string> WithOptions(string[] arguments)
    {
        string[] global =
        [
            .. _confined ? Array.Empty<string>() : ["CONTAINERS_CONF=" + SettingsFile], "podman",
            // podman takes no path of more than 50 characters for it; the engine has a /run of its own.
            "--root", _place.PathOf("storage"), "--runroot", "/run/podman-state", "--tmpdir", _place.PathOf("tmp"),
            "--network-config-dir", _place.PathOf("networks"), "--storage-driver", "overlay", "--events-backend", "file",
            "--cgroup-manager", "cgroupfs", "--runtime", _confined ? ConfinedRuntime.In(Folder) : RuntimeUnderTest.Binary,
        ];

        // Raising a hard limit needs CAP_SYS_RESOURCE, which a confined host may lack; podman does by default.
        string[] limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"];
        return arguments switch
        {
            ["--hooks-dir", var folder, .. var rest] => WithOptions(rest).SelectMany(word => word == "podman" ? [word, "--hooks-dir", folder] : new[] { word }),
            ["run" or "create", .. var rest] when rest.Contains("--pod") => [.. global, arguments[0], .. limits, .. rest],
            ["run" or "create", .. var rest] => [.. global, arguments[0], .. limits, "--cgroup-parent", _place.ControlGroup, .. rest],
            ["pod", "create", .. var rest] => [.. global, "pod", "create", "--cgroup-parent", _place.ControlGroup, .. rest],
            _ => [.. global, .. arguments],
        };
    }
}
