using System.Text.Json;

namespace Sampan.EndToEnd.Containers;

/// <summary>events: who writes what, filters, formats, following.</summary>
public sealed class EventTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void A_life_is_told_in_dockers_words_and_order()
    {
        var id = host.Detached("--name", "told", "-l", "group=a", "busybox", "sleep", "1000");
        host.Sampan("exec", id, "true").ShouldSucceed();
        host.Sampan("pause", id).ShouldSucceed();
        host.Sampan("unpause", id).ShouldSucceed();
        host.Sampan("rename", id, "renamed").ShouldSucceed();
        host.Sampan("update", "--pids-limit", "100", id).ShouldSucceed();
        host.Sampan("restart", "-t", "0", id).ShouldSucceed();
        host.Sampan("stop", "-t", "0", id).ShouldSucceed();
        host.Sampan("rm", id).ShouldSucceed();
        Actions(id).ShouldBe(
        [
            "create", "start", "exec_create: true", "exec_start: true", "exec_die", "pause", "unpause", "rename", "update",
            "kill", "die", "stop", "start", "restart", "kill", "die", "stop", "destroy",
        ]);
        var lines = host.Sampan("events", "--since", "1h", "--until", "0s", "-f", "container=" + id).ShouldSucceed().Split('\n');
        lines[0].ShouldMatch($@"^\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{9}}(Z|[+-]\d\d:\d\d) container create {id} \(group=a, image=busybox, name=told\)$");
        lines.Single(line => line.Contains(" rename ")).ShouldEndWith("(group=a, image=busybox, name=renamed, oldName=/told)");
        lines.First(line => line.Contains(" die ")).ShouldContain("exitCode=137");
        lines.First(line => line.Contains(" kill ")).ShouldContain("signal=15");
    }

    [Fact]
    public void Run_is_attached_and_goes_with_rm()
    {
        var name = "brief-life";
        host.Sampan("run", "--rm", "--name", name, "busybox", "sh", "-c", "exit 3").ExitCode.ShouldBe(3);
        Actions(name).ShouldBe(["create", "attach", "start", "die", "destroy"]);
        host.Sampan("events", "--since", "1h", "--until", "0s", "-f", "container=" + name, "-f", "event=die", "--format", "{{.Type}} {{.Actor.Attributes.exitCode}}")
            .ShouldSucceed().ShouldBe("container 3");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Saving_images_is_told_once_it_is_done(bool toFile)
    {
        host.Sampan("tag", "busybox", "saved:1").ShouldSucceed();
        var id = host.Sampan("images", "-q", "--no-trunc", "saved").ShouldSucceed();
        var before = Saves(id).Count;
        var file = Path.Combine(host.Folder, "saved.tar");
        if (toFile)
        {
            host.Sampan("save", "-o", file, "saved:1").ShouldSucceed();
        }
        else
        {
            Host.Shell("file=$1; shift; \"$@\" >\"$file\"", [file, Host.Binary, .. host.Arguments("save", "saved:1")]);
        }

        Saves(id).Count.ShouldBe(before + 1);
        host.Sampan("save", "-o", "/nowhere/at/all", "saved:1").ExitCode.ShouldBe(1);
        Saves(id).Count.ShouldBe(before + 1, "nothing was saved");
    }

    [Fact]
    public void Json_is_dockers()
    {
        var id = host.Sampan("create", "-l", "a=b", "busybox").ShouldSucceed();
        using var document = JsonDocument.Parse(host.Sampan("events", "--since", "1h", "--until", "0s", "-f", "container=" + id, "--format", "json").ShouldSucceed());
        var root = document.RootElement;
        root.GetProperty("status").GetString().ShouldBe("create");
        root.GetProperty("id").GetString().ShouldBe(id);
        root.GetProperty("from").GetString().ShouldBe("busybox");
        root.GetProperty("Type").GetString().ShouldBe("container");
        root.GetProperty("Action").GetString().ShouldBe("create");
        root.GetProperty("Actor").GetProperty("ID").GetString().ShouldBe(id);
        root.GetProperty("Actor").GetProperty("Attributes").GetProperty("a").GetString().ShouldBe("b");
        root.GetProperty("scope").GetString().ShouldBe("local");
        (root.GetProperty("timeNano").GetInt64() / 1_000_000_000).ShouldBe(root.GetProperty("time").GetInt64());
    }

    [Fact]
    public void Following_tells_of_what_comes_and_ends_in_time()
    {
        using var follower = host.Start("events", "--filter", "event=create", "--filter", "label=followed");
        Patience.ShouldCome(() => Directory.GetFiles($"/proc/{follower.Pid}/fd").Any(IsInotify), "it watches");
        var other = host.Sampan("create", "busybox").ShouldSucceed();
        var id = host.Sampan("create", "-l", "followed", "busybox").ShouldSucceed();
        follower.Expect($"container create {id}");
        follower.Output.ShouldNotContain(other);

        using var ending = host.Start("events", "--until", DateTimeOffset.UtcNow.AddSeconds(1).ToString("O"));
        ending.Wait().ShouldSucceed().ShouldContain(id, Case.Sensitive, "with an end there is a past");
    }

    [Fact]
    public void Volumes_and_images_are_told_of()
    {
        host.Sampan("volume", "create", "noted").ShouldSucceed();
        var user = host.Detached("-v", "noted:/data:ro", "busybox", "true");
        host.Sampan("wait", user).ShouldSucceed();
        host.Sampan("events", "--since", "1h", "--until", "0s", "-f", "type=volume", "-f", "event=mount", "-f", "volume=noted", "--format", "{{json .Actor}}").ShouldSucceed()
            .ShouldBe("{\"ID\":\"noted\",\"Attributes\":{\"container\":\"" + user + "\",\"destination\":\"/data\",\"driver\":\"local\",\"propagation\":\"\",\"read/write\":\"false\"}}");
        host.Sampan("rm", user).ShouldSucceed();
        host.Sampan("volume", "rm", "noted").ShouldSucceed();
        host.Sampan("events", "--since", "1h", "--until", "0s", "-f", "volume=noted", "--format", "{{.Type}} {{.Action}} {{.Actor.ID}}")
            .ShouldSucceed().ShouldBe("volume create noted\nvolume mount noted\nvolume unmount noted\nvolume destroy noted");
        host.Sampan("tag", "busybox", "noted:1").ShouldSucceed();
        host.Sampan("rmi", "noted:1").ShouldSucceed();
        host.Sampan("events", "--since", "1h", "--until", "0s", "-f", "image=noted", "--format", "{{.Action}}").ShouldSucceed().ShouldBe("tag\nuntag");
        host.Sampan("events", "--until", "0s", "-f", "nosuch=1").ShouldFailInOneLine(1, "invalid filter 'nosuch'");
    }

    [Fact]
    public void The_journal_is_bounded_and_a_torn_line_is_passed_over()
    {
        using var other = new BusyboxHost();
        other.Sampan("create", "--name", "early", "busybox").ShouldSucceed();
        var journal = Path.Combine(other.State, "events.jsonl");
        File.AppendAllText(journal, "{\"Type\":\"contai\n" + new string(' ', 5 << 20) + "\n");
        other.Sampan("create", "--name", "late", "busybox").ShouldSucceed();
        File.Exists(journal).ShouldBeFalse("it is full: the next event begins another");
        other.Sampan("create", "--name", "later", "busybox").ShouldSucceed();
        new FileInfo(journal).Length.ShouldBeLessThan(4096);
        other.Sampan("events", "--since", "1h", "--until", "0s", "-f", "event=create", "--format", "{{.Actor.Attributes.name}}")
            .ShouldSucceed().ShouldBe("early\nlate\nlater");
    }

    private static bool IsInotify(string descriptor) => new FileInfo(descriptor).LinkTarget is { } target && target.Contains("inotify");

    private string[] Actions(string container) =>
        host.Sampan("events", "--since", "1h", "--until", "0s", "--filter", "container=" + container, "--format", "{{.Action}}").ShouldSucceed().Split('\n');

    private IReadOnlyList<string> Saves(string id) =>
        host.Sampan("events", "--since", "1h", "--until", "0s", "-f", "event=save", "-f", "type=image", "--format", "{{.Actor.ID}}")
            .Lines.Where(line => line == id).ToList();
}
