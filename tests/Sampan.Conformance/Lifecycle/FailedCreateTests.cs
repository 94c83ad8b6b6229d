namespace Sampan.Conformance.Lifecycle;

/// <summary>runtime.md, "Errors": an operation that fails leaves everything as if it had not been tried. Each way to fail comes at another moment of create.</summary>
public class FailedCreateTests : StatementTest
{
    [Fact]
    [Statement("runtime.md#errors", "config.json that is not JSON is an error and leaves nothing")]
    public void Not_json()
    {
        var bundle = NewBundle();
        File.WriteAllText(bundle.ConfigFile, "{ \"ociVersion\": ");
        var id = NewId();
        Runtime.Call("create", "--bundle", bundle.Folder, id).ShouldFail();
        ShouldBeGone(id);
    }

    [Fact]
    [Statement("runtime.md#errors", "a missing root file system leaves nothing")]
    public void No_root() => ShouldBeRefused(NewBundle().With(b => b.Config["root"]!["path"] = "nowhere"));

    [Fact]
    [Statement("runtime.md#errors", "a bind mount of a source that is not there leaves nothing")]
    public void No_source() => ShouldBeRefused(NewBundle().Mount("/mnt", "bind", Folder + "/nowhere", "bind"));

    [Fact]
    [Statement("runtime.md#errors", "a file system type the kernel does not know leaves nothing")]
    public void No_such_file_system() => ShouldBeRefused(NewBundle().Mount("/mnt", "nosuchfs", "none"));

    [Fact]
    [Statement("runtime.md#errors", "a limit the kernel refuses leaves nothing")]
    [Differs("crun 1.8.1", "leaves control groups behind")]
    public void A_refused_limit() => ShouldBeRefused(NewBundle().With(b => b.Resources["cpu"] = Json.Parse("""{"cpus":"4000"}""")));

    [Fact]
    [Statement("runtime.md#errors", "a sysctl that does not exist leaves nothing")]
    public void A_refused_sysctl() => ShouldBeRefused(NewBundle().With(b => b.Linux["sysctl"] = Json.Parse("""{"net.nosuch.parameter":"1"}""")));

    [Fact]
    [Statement("runtime.md#errors", "a namespace to join that is not there leaves nothing")]
    public void No_namespace() =>
        ShouldBeRefused(NewBundle().WithoutNamespace("network").With(b => b.Linux["namespaces"]!.AsArray().Add(Json.Parse($$"""{"type":"network","path":"{{Folder}}/nowhere"}"""))));

    [Fact]
    [Statement("runtime.md#errors", "a failing createRuntime hook leaves nothing")]
    public void A_failed_hook() => ShouldBeRefused(NewBundle().Hook("createRuntime", "exit 1"));

    [Fact]
    [Statement("runtime.md#errors", "a program that does not exist never runs, and nothing is left when run returns")]
    public void No_program()
    {
        var container = Begin("run", NewId(), NewBundle().Args("/bin/nosuchprogram"));
        container.Command.CloseInput();
        container.Command.Wait().ShouldFail();
        ShouldBeGone(container.Id);
    }

    [Fact]
    [Statement("runtime.md#errors", "after a failed create the id is free")]
    public void The_id_is_free()
    {
        var id = NewId();
        TryCreate(id, NewBundle().Mount("/mnt", "nosuchfs", "none"), out _).ShouldFail();
        TryCreate(id, Waiting(), out var container).ShouldSucceed();
        container.Status.ShouldBe("created");
    }

    [Fact]
    [Statement("runtime.md#errors", "a failed create leaves no process of the container")]
    public void No_process()
    {
        var file = Path.Combine(Folder, "pid");
        TryCreate(NewBundle().Hook("createRuntime", $"sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/' >{file}; exit 1"), out _).ShouldFail();
        var pid = File.ReadAllText(file).Trim();
        pid.ShouldMatch(@"^\d+$");
        Patience.ShouldCome(() => !File.Exists($"/proc/{pid}/status") || File.ReadAllText($"/proc/{pid}/status").Contains("State:\tZ", StringComparison.Ordinal), "the process is left");
    }

    [Fact]
    [Statement("runtime.md#errors", "a failed create leaves a bundle that can be created")]
    public void The_bundle_is_usable()
    {
        var bundle = Script("echo fine").Mount("/mnt", "nosuchfs", "none");
        TryCreate(bundle, out _).ShouldFail();
        bundle.Mounts.RemoveAt(bundle.Mounts.Count - 1);
        Output(bundle).ShouldBe("fine");
    }
}
