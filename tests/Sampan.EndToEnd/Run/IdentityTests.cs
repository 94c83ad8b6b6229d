namespace Sampan.EndToEnd.Run;

/// <summary>Who and where the process is: names, environment, user, folder.</summary>
public sealed class IdentityTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void The_hostname_is_the_short_id_or_what_was_asked_for()
    {
        host.Run("hostname").ShouldMatch("^[0-9a-f]{12}$");
        host.Run("hostname; cat /etc/hostname", "-h", "box").ShouldBe("box\nbox");
        host.Run("hostname", "--hostname=other").ShouldBe("other");
    }

    [Fact]
    public void The_environment_is_the_images_and_the_users()
    {
        var file = Path.Combine(host.Folder, "env.list");
        File.WriteAllText(file, "# a comment\nFROM_FILE=yes\nB=from file\n\n");
        var lines = host.Sampan("run", "--rm", "-eA=1", "--env", "B=2", "--env-file", file, "-h", "box", "busybox", "env").ShouldSucceed().Split('\n');
        lines.ShouldContain("A=1");
        lines.ShouldContain("B=2");
        lines.ShouldContain("FROM_FILE=yes");
        lines.ShouldContain("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        lines.ShouldContain("HOSTNAME=box");
        lines.ShouldContain("HOME=/root");
        lines.ShouldNotContain(line => line.StartsWith("SAMPAN", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.StartsWith("TERM=", StringComparison.Ordinal));
    }

    [Fact]
    public void A_variable_without_a_value_is_the_callers()
    {
        using var command = new RunningCommand(Host.Binary, host.Arguments("run", "--rm", "-e", "TAKEN", "-e", "NOT_SET_ANYWHERE", "busybox", "env"), [new("TAKEN", "from outside")]);
        command.CloseInput();
        var lines = command.Wait().ShouldSucceed().Split('\n');
        lines.ShouldContain("TAKEN=from outside");
        lines.ShouldNotContain(line => line.StartsWith("NOT_SET_ANYWHERE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1000", "uid=1000 gid=0(root) groups=0(root)")]
    [InlineData("1000:2000", "uid=1000 gid=2000 groups=2000")]
    [InlineData("www-data", "uid=33(www-data) gid=33(www-data) groups=33(www-data)")]
    [InlineData("nobody:staff", "uid=65534(nobody) gid=50(staff) groups=50(staff)")]
    public void The_user_is_found_in_the_images_passwd(string user, string identity)
    {
        host.Sampan("run", "--rm", "-u", user, "busybox", "id").ShouldSucceed().ShouldBe(identity);
    }

    [Fact]
    public void Groups_can_be_added()
    {
        host.Run("id", "-u", "1000:1000", "--group-add", "audio", "--group-add", "4000").ShouldBe("uid=1000 gid=1000 groups=29(audio),1000,4000");
    }

    [Fact]
    public void An_unknown_user_is_refused()
    {
        host.Sampan("run", "--rm", "-u", "nobody-here", "busybox", "true").ShouldFailInOneLine(125, "nobody-here");
        host.Sampan("run", "--rm", "-u", "99999999999", "busybox", "true").ShouldFailInOneLine(125);
    }

    [Fact]
    public void The_working_folder_is_made_when_it_is_missing()
    {
        host.Run("pwd", "-w", "/usr/bin").ShouldBe("/usr/bin");
        host.Run("pwd", "--workdir", "/made/for/this").ShouldBe("/made/for/this");
        host.Sampan("run", "--rm", "-w", "relative", "busybox", "pwd").ShouldFailInOneLine(125, "relative");
    }

    [Fact]
    public void The_entrypoint_comes_before_the_command()
    {
        host.Sampan("run", "--rm", "--entrypoint", "echo", "busybox", "a", "b").ShouldSucceed().ShouldBe("a b");
        host.Sampan("run", "--rm", "--entrypoint=/bin/sh", "busybox", "-c", "echo $0").ShouldSucceed().ShouldBe("/bin/sh");
    }

    [Fact]
    public void Options_end_at_the_image()
    {
        host.Sampan("run", "--rm", "busybox", "echo", "-it", "--rm", "--name=x").ShouldSucceed().ShouldBe("-it --rm --name=x");
    }

    [Fact]
    public void Labels_are_kept()
    {
        var id = host.Sampan("create", "-l", "a=1", "--label", "flag", "busybox").ShouldSucceed();
        var labels = host.Inspect(id).GetProperty("Config").GetProperty("Labels");
        labels.GetProperty("a").GetString().ShouldBe("1");
        labels.GetProperty("flag").GetString().ShouldBe("");
    }

    [Fact]
    public void The_images_command_is_the_default()
    {
        host.SampanWithInput("echo from sh\n", "run", "--rm", "-i", "busybox").ShouldSucceed().ShouldBe("from sh");
    }
}
