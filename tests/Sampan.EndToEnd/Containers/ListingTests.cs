using System.Text.Json;

namespace Sampan.EndToEnd.Containers;

/// <summary>What ps, images, volume ls and inspect show: formats, filters, sizes.</summary>
public sealed class ListingTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Ps_formats_have_dockers_fields_and_headings()
    {
        host.Sampan("volume", "create", "kept").ShouldSucceed();
        var id = host.Detached("--name", "shown", "--label", "com.example.my-app=yes,no", "--label", "b=2", "-v", "kept:/kept", "-v", "/tmp:/host", "busybox", "sleep", "1000");
        string Row(string format) => host.Sampan("ps", "--format", format, "--filter", "name=^shown$").ShouldSucceed();
        Row("{{.ID}}|{{.Names}}|{{.Image}}|{{.Command}}|{{.State}}|{{.Ports}}|{{.Networks}}|{{.LocalVolumes}}|{{.Mounts}}")
            .ShouldBe($"{id[..12]}|shown|busybox|\"sleep 1000\"|running||none|1|kept,/tmp");
        Row("{{.Label \"com.example.my-app\"}} {{.Label \"nothing\"}} {{.Labels}}").ShouldBe("yes,no  b=2,com.example.my-app=yes,no");
        Row("{{.Status}}/{{.RunningFor}}/{{.CreatedAt}}").ShouldMatch(@"^Up .*/.* ago/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} \w+");
        Row("table {{.ID}}\t{{.Label \"com.example.my-app\"}}\t{{upper .Names}}").Split('\n')
            .ShouldBe(["CONTAINER ID   my app    NAMES", $"{id[..12]}   yes,no    SHOWN"]);
        Row("{{if eq .State \"running\"}}{{printf \"%-8s|\" .Names}}{{else}}no{{end}}").ShouldBe("shown   |");
        Row("{{range split .Labels \",\"}}[{{.}}]{{end}}").ShouldBe("[b=2][com.example.my-app=yes][no]");

        using var row = JsonDocument.Parse(Row("json"));
        row.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["Command", "CreatedAt", "ID", "Image", "Labels", "LocalVolumes", "Mounts", "Names", "Networks", "Ports", "RunningFor", "Size", "State", "Status"]);
        row.RootElement.GetProperty("Size").GetString().ShouldBe("0B");
        host.Sampan("ps", "--format", "{{.Foo}}").ShouldFailInOneLine(1, "template parsing error: template: :1:2: executing \"\" at <.Foo>: can't evaluate field Foo");
        host.Sampan("ps", "--format", "{{.ID").ShouldFailInOneLine(1, "template parsing error: template: :1: unclosed action");
    }

    [Fact]
    public void Ps_limits_and_quiet_go_together()
    {
        var first = host.Sampan("create", "--name", "n1", "busybox").ShouldSucceed();
        var second = host.Sampan("create", "--name", "n2", "busybox").ShouldSucceed();
        host.Sampan("ps", "-lq").ShouldSucceed().ShouldBe(second[..12]);
        host.Sampan("ps", "-n", "2", "-q", "--no-trunc").ShouldSucceed().Split('\n').ShouldBe([second, first]);
        host.Sampan("ps", "-q", "--filter", "name=^n1$").ShouldSucceed().ShouldBeEmpty("it does not run");
        host.Sampan("ps", "-aq", "--filter", "name=^n1$").ShouldSucceed().ShouldBe(first[..12]);
    }

    [Fact]
    public void Every_filter_of_ps_chooses()
    {
        host.Sampan("import", "-c", "EXPOSE 80/tcp 5000-5001/udp", "-c", "CMD [\"sleep\", \"1000\"]", Archive(), "exposing").ShouldSucceed();
        host.Sampan("volume", "create", "fv").ShouldSucceed();
        var old = host.Sampan("create", "--name", "f-old", "busybox").ShouldSucceed();
        var running = host.Detached("--name", "f-running", "-v", "fv:/data", "-v", "/var/tmp:/bound", "--network", "host", "exposing", "/bin/busybox", "sleep", "1000");
        var ended = host.Detached("--name", "f-ended", "--label", "job", "busybox", "sh", "-c", "exit 7");
        host.Sampan("wait", ended).ShouldSucceed();
        string[] Names(params string[] filters) =>
            [.. host.Sampan(["ps", "-a", "--format", "{{.Names}}", "-f", "name=^f-", .. filters.SelectMany(filter => new[] { "-f", filter })]).ShouldSucceed()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order()];
        Names().ShouldBe(["f-ended", "f-old", "f-running"]);
        Names("id=" + old[..20]).ShouldBe(["f-old"]);
        Names("name=^f-(old|ru.*)$").ShouldBe(["f-ended", "f-old", "f-running"], "values of one name are alternatives");
        host.Sampan("ps", "-a", "--format", "{{.Names}}", "-f", "name=^f-(old|end[a-z]+)$").ShouldSucceed().Split('\n').Order().ShouldBe(["f-ended", "f-old"]);
        host.Sampan("ps", "-f", "name=(").ShouldFailInOneLine(1, "error parsing regexp");
        Names("label=job").ShouldBe(["f-ended"]);
        Names("exited=7").ShouldBe(["f-ended"]);
        Names("exited=0").ShouldBeEmpty();
        Names("status=created").ShouldBe(["f-old"]);
        Names("status=created", "status=running").ShouldBe(["f-old", "f-running"]);
        Names("ancestor=exposing").ShouldBe(["f-running"]);
        Names("before=f-running").ShouldBe(["f-old"]);
        Names("since=f-running").ShouldBe(["f-ended"]);
        Names("volume=fv").ShouldBe(["f-running"]);
        Names("volume=/data").ShouldBe(["f-running"]);
        Names("volume=/var/tmp").ShouldBe(["f-running"]);
        Names("network=host").ShouldBe(["f-running"]);
        Names("expose=80").ShouldBe(["f-running"]);
        Names("expose=80/udp").ShouldBeEmpty();
        Names("expose=4000-5000/udp").ShouldBe(["f-running"]);
        Names("publish=80").ShouldBeEmpty();
        Names("health=none").ShouldBe(["f-ended", "f-old", "f-running"]);
        Names("health=healthy").ShouldBeEmpty();
        Names("is-task=true").ShouldBeEmpty();
        Names("is-task=false").Length.ShouldBe(3);
        host.Sampan("ps", "-f", "nothing=1").ShouldFailInOneLine(1, "invalid filter 'nothing'");
        host.Sampan("ps", "-f", "health=well").ShouldFailInOneLine(1, "invalid filter 'health=well'");
        host.Sampan("ps", "-f", "is-task=perhaps").ShouldFailInOneLine(1, "invalid filter");
        host.Sampan("ps", "-f", "expose=http").ShouldFailInOneLine(1, "invalid containerPort: http");
        host.Sampan("ps", "-f", "before=nobody").ShouldFailInOneLine(1, "No such container: nobody");
        host.Sampan("rm", "-f", running).ShouldSucceed();
    }

    [Fact]
    public void Sizes_count_what_was_written_and_the_image_below()
    {
        var id = host.Sampan("run", "-d", "busybox", "sh", "-c", "mkdir /d && head -c 5000 /dev/zero > /d/f && ln /d/f /d/hard && ln -s ff /d/l").ShouldSucceed();
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("0");
        var image = host.Inspect("busybox").GetProperty("Size").GetInt64();
        var found = JsonDocument.Parse(host.Sampan("inspect", "-s", id).ShouldSucceed()).RootElement[0];
        found.GetProperty("SizeRw").GetInt64().ShouldBe(5002);
        found.GetProperty("SizeRootFs").GetInt64().ShouldBe(5002 + image);
        host.Inspect(id).TryGetProperty("SizeRw", out _).ShouldBeFalse();
        host.Sampan("ps", "-as", "-f", "id=" + id).ShouldSucceed().Split('\n')[0].ShouldMatch("NAMES +SIZE$");
        host.Sampan("ps", "-a", "--format", "{{.Size}}", "-f", "id=" + id).ShouldSucceed().ShouldMatch(@"^5kB \(virtual [0-9.]+MB\)$");
        host.Sampan("ps", "-as", "--format", "json", "-f", "id=" + id).ShouldSucceed().ShouldContain("\"Size\":\"5kB (virtual ");
        host.Sampan("container", "inspect", "--size", "-f", "{{.SizeRw}}", id).ShouldSucceed().ShouldBe("5002");
    }

    [Fact]
    public void Inspect_takes_formats_and_types()
    {
        host.Sampan("volume", "create", "--label", "x=1", "both").ShouldSucceed();
        var id = host.Sampan("create", "--name", "both", "--label", "a.b=c", "-e", "X=y", "-v", "both:/data:ro", "busybox", "echo", "hi").ShouldSucceed();
        string Show(string format) => host.Sampan("inspect", "--type", "container", "-f", format, "both").ShouldSucceed();
        Show("{{.Id}} {{.Name}} {{.State.Status}}").ShouldBe($"{id} /both created");
        Show("{{index .Config.Labels \"a.b\"}}|{{.Config.Labels.nothing}}|{{index .Config.Labels \"nothing\"}}|").ShouldBe("c|<no value>||");
        Show("{{range .Mounts}}{{.Type}}:{{.Name}}->{{.Destination}} {{.RW}}{{end}}").ShouldBe("volume:both->/data false");
        Show("{{json .Config.Cmd}} {{join .Args \",\"}} {{len .Config.Env}}").ShouldStartWith("[\"echo\",\"hi\"] hi ");
        Show("{{with .HostConfig}}{{.NetworkMode}}{{if .Privileged}}!{{end}}{{end}}").ShouldBe("none");
        Show("{{printf \"%T\" .Id}}").ShouldContain("%!T");
        host.Sampan("inspect", "--type", "volume", "-f", "{{.Name}} {{.Labels.x}}", "both").ShouldSucceed().ShouldBe("both 1");
        host.Sampan("inspect", "-f", "{{.Foo}}", "both").ShouldFailInOneLine(1, "template parsing error: template: :1:2: executing \"\" at <.Foo>: map has no entry for key \"Foo\"");
        host.Sampan("inspect", "--type", "image", "both").ShouldFail(1, "No such image: both");
    }

    [Fact]
    public void Images_and_volumes_filter_and_format()
    {
        var before = DateTimeOffset.UtcNow.AddMinutes(-1).ToString("yyyy-MM-ddTHH:mm:ssZ");
        host.Sampan("tag", "busybox", "example/other:1").ShouldSucceed();
        host.Sampan("images", "--format", "{{.Repository}}:{{.Tag}}", "example/*").ShouldSucceed().ShouldBe("example/other:1");
        host.Sampan("images", "-q", "--filter", "until=2001-02-03").ShouldSucceed().ShouldBeEmpty();
        host.Sampan("images", "--filter", "reference=example/other", "--format", "table {{.Tag}}\t{{.ID}}").ShouldSucceed().Split('\n')[0].ShouldBe("TAG       IMAGE ID");
        host.Sampan("images", "--filter", "until=soon").ShouldFailInOneLine(1, "until=soon");
        host.Sampan("images", "--filter", "until=" + before, "--filter", "reference=nothing").ShouldSucceed();
        host.Sampan("history", "--format", "{{.ID}}", "busybox").ShouldSucceed().ShouldNotBeEmpty();
        host.Sampan("volume", "create", "--label", "for=list", "vl1").ShouldSucceed();
        host.Sampan("volume", "ls", "--format", "{{.Name}} {{.Label \"for\"}} {{.Driver}} {{.Scope}}", "-f", "name=vl1").ShouldSucceed().ShouldBe("vl1 list local local");
        host.Sampan("volume", "ls", "-q", "-f", "dangling=true", "-f", "label=for=list").ShouldSucceed().ShouldBe("vl1");
        host.Sampan("volume", "ls", "-q", "-f", "driver=nfs").ShouldSucceed().ShouldBeEmpty();
        host.Sampan("version", "--format", "{{.Client.Version}} {{.Server.Os}}").ShouldSucceed().ShouldMatch(@"^\d+\.\d+\.\d+ linux$");
        host.Sampan("info", "-f", "{{.OSType}} {{len .SecurityOptions}}").ShouldSucceed().ShouldMatch(@"^linux \d$");
    }

    private string Archive()
    {
        var file = Path.Combine(host.Folder, "listing.tar");
        Host.Shell("tar -cf \"$1\" -C \"$2\" .", file, host.MakeRootFilesystem("listing"));
        return file;
    }
}
