using System.Globalization;

namespace Sampan.Conformance.Harness;

/// <summary>
/// What every test of a statement has: a runtime with a root of its own, bundles, containers; at its end everything is removed and
/// the result is recorded for docs/spec-conformance.md.
/// </summary>
public abstract class StatementTest : IDisposable
{
    private readonly List<Container> _containers = [];
    private readonly List<IDisposable> _others = [];
    private int _number;

    /// <summary>Makes the folder, which the root of a user namespace must be able to enter.</summary>
    protected StatementTest()
    {
        KnownDifference.SkipUnlessRecording();
        Folder = Directory.CreateTempSubdirectory("sampan-oci-").FullName;
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Path.Combine(Folder, "root"));
        Runtime = new OciRuntime(Path.Combine(Folder, "root"));

        // The middle folder is the one the leftovers of a test are looked for in, and an engine's parent group is never empty for long.
        Group = "/sampan/conformance-" + Path.GetFileName(Folder)[11..];
    }

    /// <summary>The test's own folder.</summary>
    protected string Folder { get; }

    /// <summary>The parent of all control groups of the test.</summary>
    protected string Group { get; }

    /// <summary>The runtime under test.</summary>
    protected OciRuntime Runtime { get; }

    /// <summary>An identifier no other container has.</summary>
    protected string NewId() => Path.GetFileName(Folder) + "-" + (++_number).ToString(CultureInfo.InvariantCulture);

    /// <summary>A new bundle.</summary>
    protected Bundle NewBundle()
    {
        var name = "bundle" + (++_number).ToString(CultureInfo.InvariantCulture);
        return new Bundle(Path.Combine(Folder, name), $"{Group}/{name}");
    }

    /// <summary>A new bundle whose program is a shell script.</summary>
    protected Bundle Script(string script) => NewBundle().Script(script);

    /// <summary>A new bundle whose program waits for a line (or the end) of its standard input and then ends with 0.</summary>
    protected Bundle Waiting() => Script("read line; exit 0");

    /// <summary>Writes the configuration, calls create and returns whatever comes of it.</summary>
    protected CommandResult TryCreate(Bundle bundle, out Container container, params string[] flags) =>
        TryCreate(NewId(), bundle, out container, flags);

    /// <summary>As the other, with a given identifier.</summary>
    protected CommandResult TryCreate(string id, Bundle bundle, out Container container, params string[] flags)
    {
        container = Begin("create", id, bundle, flags);
        return container.Command.WaitForExit();
    }

    /// <summary>Creates a container.</summary>
    protected Container Create(Bundle bundle, params string[] flags)
    {
        TryCreate(bundle, out var container, flags).ShouldSucceed();
        return container;
    }

    /// <summary>Begins run or create and returns while it runs.</summary>
    protected Container Begin(string operation, string id, Bundle bundle, params string[] flags)
    {
        bundle.Write();
        var container = new Container(Runtime, id, bundle, Runtime.Begin([operation, "--bundle", bundle.Folder, .. flags, id]));
        _containers.Add(container);
        return container;
    }

    /// <summary>Runs a bundle to its end and returns what came of it.</summary>
    protected CommandResult Run(Bundle bundle, params string[] flags)
    {
        var container = Begin("run", NewId(), bundle, flags);
        container.Command.CloseInput();
        return container.Command.Wait();
    }

    /// <summary>Runs a script in a container of its own and returns what it printed.</summary>
    protected string Output(Bundle bundle) => Run(bundle).ShouldSucceed();

    /// <summary>Asserts that a bundle is refused: create is an error (or start, where the runtime can only notice then), and nothing is left.</summary>
    protected void ShouldBeRefused(Bundle bundle)
    {
        TryCreate(bundle, out var container).ShouldFail();
        ShouldBeGone(container.Id);
    }

    /// <summary>Asserts that a bundle never gets its program run: create or start is an error.</summary>
    protected void ShouldNotRun(Bundle bundle) => Run(bundle).ShouldFail();

    /// <summary>Asserts that of a container nothing is left: state, control group, process, mount.</summary>
    protected void ShouldBeGone(string id)
    {
        Runtime.Call("state", id).ShouldFail();
        Directory.GetFileSystemEntries(Runtime.Root, id).ShouldBeEmpty("state is left");
        ShouldLeaveNothing();
    }

    /// <summary>Asserts that no control group, mount or process of this test is left.</summary>
    protected void ShouldLeaveNothing()
    {
        ControlGroups().ShouldBeEmpty("a control group is left");
        Mounts().ShouldBeEmpty("a mount is left on the host");
    }

    /// <summary>Every folder of a control group of this test.</summary>
    protected List<string> ControlGroups()
    {
        string[] hierarchies = ["/sys/fs/cgroup", .. Directory.GetDirectories("/sys/fs/cgroup")];
        return [.. hierarchies.Select(hierarchy => hierarchy + Group).Where(Directory.Exists).SelectMany(Directory.GetDirectories)];
    }

    /// <summary>A file of the control group of a container's first process.</summary>
    protected static string ControlFile(Container container, string controller, string file) =>
        File.ReadAllText(ControlFolder(container, controller) + "/" + file).Trim();

    /// <summary>The folder of the control group of a container's first process in a v1 hierarchy.</summary>
    protected static string ControlFolder(Container container, string controller) =>
        $"/sys/fs/cgroup/{controller}{container.First.ControlGroup(controller)}";

    /// <summary>Skips the test where the host has no such v1 controller.</summary>
    protected static void NeedsController(string controller) =>
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/" + controller), $"this host has no {controller} controller");

    /// <summary>Disposes of something at the end of the test.</summary>
    protected T Owned<T>(T thing)
        where T : IDisposable
    {
        _others.Add(thing);
        return thing;
    }

    /// <summary>Runs a shell script of the host and asserts success.</summary>
    protected static string Host(string script, params string[] arguments)
    {
        using var command = new RunningCommand("/bin/sh", ["-ec", script, "sh", .. arguments]);
        command.CloseInput();
        return command.Wait().ShouldSucceed();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ResultLog.Record();
        foreach (var container in _containers)
        {
            container.Dispose();
        }

        _others.ForEach(thing => thing.Dispose());
        foreach (var mount in Mounts())
        {
            Host("umount -l \"$1\"", mount);
        }

        Host("rm -rf -- \"$1\"; for place in /sys/fs/cgroup$2 /sys/fs/cgroup/*$2; do [ ! -d \"$place\" ] || find \"$place\" -depth -type d -exec rmdir {} \\;; done", Folder, Group);
        GC.SuppressFinalize(this);
    }

    private List<string> Mounts() =>
        [.. File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(place => place.StartsWith(Folder, StringComparison.Ordinal)).Reverse()];
}
