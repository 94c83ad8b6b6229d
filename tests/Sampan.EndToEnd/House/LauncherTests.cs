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
        Host.Shell("\"$1\" --uninstall \"$2\"; find \"$2\" -type f -o -type d -empty", install, prefix).ShouldBe(Path.Combine(prefix, "bin/other"));
    }
}
