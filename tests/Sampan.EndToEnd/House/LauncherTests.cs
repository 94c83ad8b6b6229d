namespace Sampan.EndToEnd.House;

/// <summary>./sampan, ./install and what they put in place.</summary>
public sealed class LauncherTests(Host host) : IClassFixture<Host>
{
    private static readonly string Launcher = Path.Combine(Host.Repository, "sampan");

    [Fact]
    public void It_makes_the_image_busybox_where_there_is_none()
    {
        using var first = new RunningCommand(Launcher, host.Arguments("run", "--rm", "busybox", "echo", "inside"));
        first.CloseInput();
        var result = first.Wait();
        result.ShouldSucceed().ShouldBe("inside");
        result.Error.ShouldContain("busybox:latest");

        using var second = new RunningCommand(Launcher, host.Arguments("run", "--rm", "busybox", "echo", "again"));
        second.CloseInput();
        result = second.Wait();
        result.ShouldSucceed().ShouldBe("again");
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public void It_works_from_anywhere_and_through_a_link()
    {
        var link = Path.Combine(host.Folder, "linked");
        File.CreateSymbolicLink(link, Launcher);
        Host.Shell("cd /; \"$1\" version; cd \"$2\"; ./linked version; PATH=$2:$PATH linked version", link, host.Folder).ShouldContain("Version");
        Host.Shell("cd \"$1\"; ./sampan version; sh sampan version", Host.Repository).ShouldContain("Version");
    }

    [Fact]
    public void Install_puts_everything_in_place_and_uninstall_takes_it_away()
    {
        var prefix = Path.Combine(host.Folder, "prefix");
        var install = Path.Combine(Host.Repository, "install");
        Host.Shell("mkdir -p \"$2/bin\"; touch \"$2/bin/other\"; \"$1\" \"$2\"", install, prefix);
        Host.Shell("\"$1/bin/sampan\" version", prefix).ShouldContain("Version");
        Host.Shell("\"$1/bin/sampan-runtime\" --version", prefix).ShouldContain("spec: 1.");
        Host.Shell("bash -n \"$1/share/bash-completion/completions/sampan\"", prefix);
        foreach (var file in new[] { "share/bash-completion/completions/sampan", "share/zsh/site-functions/_sampan", "share/fish/vendor_completions.d/sampan.fish" })
        {
            File.ReadAllText(Path.Combine(prefix, file)).ShouldContain("sampan");
        }

        File.ReadAllText(Path.Combine(prefix, "share/man/man1/sampan.1")).ShouldContain(".TH");
        File.Exists(Path.Combine(prefix, "lib/systemd/system/sampan.service")).ShouldBe(Directory.Exists("/run/systemd/system"));
        Host.Shell("\"$1\" --uninstall \"$2\"; find \"$2\" -type f -o -type d -empty", install, prefix).ShouldBe(Path.Combine(prefix, "bin/other"));
    }

    [Fact]
    public void Install_stages_into_a_folder_and_puts_the_unit_where_it_is_wanted()
    {
        var stage = Path.Combine(host.Folder, "stage");
        var install = Path.Combine(Host.Repository, "install");
        Host.Shell("DESTDIR=\"$2\" \"$1\" --systemd /usr", install, stage);
        var unit = File.ReadAllText(Path.Combine(stage, "usr/lib/systemd/system/sampan.service"));
        unit.ShouldContain("\nExecStart=/usr/bin/sampan system boot\n");
        unit.ShouldContain("\nExecStop=/usr/bin/sampan system halt\n");
        unit.ShouldNotContain("/usr/local");
        unit.ShouldNotContain(stage);
        foreach (var line in unit.Split('\n').Where(line => line.StartsWith("Exec", StringComparison.Ordinal)))
        {
            // The words it says are commands there are.
            var words = line[(line.IndexOf('=') + 1)..].Split(' ');
            Host.Shell("\"$1\"\"$2\" $3 --help", stage, words[0], string.Join(' ', words[1..])).ShouldContain("Usage:");
        }

        Host.Shell("grep -rl \"$1\" \"$1\" || true", stage).ShouldBeEmpty("a path of the stage is in a file");
        Host.Shell("DESTDIR=\"$2\" \"$1\" --no-systemd --uninstall /usr; find \"$2\" -type f", install, stage).ShouldBeEmpty();
        Host.Shell("DESTDIR=\"$2\" \"$1\" --no-systemd /opt; test ! -e \"$2/opt/lib\"", install, stage);
        Host.Shell("if \"$1\" --wrong 2>/dev/null; then exit 1; fi", install);
    }
}
