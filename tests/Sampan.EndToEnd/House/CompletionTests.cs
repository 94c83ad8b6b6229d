namespace Sampan.EndToEnd.House;

/// <summary>What the shells offer after a tab. Each is asked in its own way; the names come from the installation that is typed.</summary>
public sealed class CompletionTests : IClassFixture<BusyboxHost>
{
    private readonly BusyboxHost _host;
    private readonly string _bin;

    public CompletionTests(BusyboxHost host)
    {
        _host = host;
        _bin = Path.Combine(host.Folder, "bin");
        if (!Directory.Exists(_bin))
        {
            Directory.CreateDirectory(_bin);
            File.CreateSymbolicLink(Path.Combine(_bin, "sampan"), Host.Binary);
            host.Sampan("create", "--name", "still", "busybox").ShouldSucceed();
            host.Detached("--name", "moving", "busybox", "sleep", "1000");
            host.Sampan("volume", "create", "kept").ShouldSucceed();
        }
    }

    private const string Bash = """
        export PATH=$1:$PATH; . <(sampan completion bash)
        compopt() { :; }
        COMP_LINE=$2; COMP_POINT=${#2}
        _sampan; printf '%s\n' "${COMPREPLY[@]}"
        """;

    // compadd and _files exist only while a line is edited.
    private const string Zsh = """
        exec zsh -fc '
        path=($1 $path); compdef() { : }; _files() { print files }
        compadd() { shift; for word in "$@"; do [[ $word == ${words[CURRENT]}* ]] && print -r -- $word; done; return 0 }
        . <(sampan completion zsh)
        words=(${(z)2}); [[ $2 == *" " ]] && words+=(""); CURRENT=$#words
        _sampan' zsh "$1" "$2"
        """;

    private const string Fish = """
        HOME=$1 exec fish --no-config -c 'set -x PATH $argv[1] $PATH; sampan completion fish | source; complete -C "$argv[2]" | string split -f1 \t; true' "$1" "$2"
        """;

    public static TheoryData<string, string, string> Lines()
    {
        var lines = new TheoryData<string, string, string>();
        foreach (var shell in new[] { "bash", "zsh", "fish" })
        {
            foreach (var (line, offered) in new[]
            {
                ("rm ", "moving still"),
                ("container rm ", "moving still"),
                ("rm still m", "moving"),
                ("stop ", "moving"),
                ("exec -it ", "moving"),
                ("volume rm ", "kept"),
                ("rmi busy", "busybox:latest"),
                ("history busybox", "busybox:latest"),
                ("volume ins", "inspect"),
                ("ver", "version"),
            })
            {
                lines.Add(shell, line, offered);
            }
        }

        // fish offers the values of flags by itself.
        lines.Add("bash", "run --name x -e A=b busy", "busybox:latest");
        lines.Add("zsh", "run --name x -e A=b busy", "busybox:latest");
        lines.Add("bash", "rmi busybox:la", "latest");
        lines.Add("bash", "stats --no-s", "--no-stream");
        lines.Add("bash", "exec moving ", "");
        return lines;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Names_are_offered(string shell, string line, string offered)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/" + shell), $"no {shell} on this machine");
        var script = shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        };
        var typed = "sampan " + string.Join(' ', _host.Arguments()) + " " + line;
        Host.Shell(script, _bin, typed).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ShouldBe(offered.Split(' ', StringSplitOptions.RemoveEmptyEntries), Case.Sensitive, typed);
    }

    [Fact]
    public void Equals_signs_are_understood()
    {
        var typed = $"sampan --root={_host.Root} --state={_host.State} rm ";
        foreach (var script in new[] { Bash, Zsh, Fish })
        {
            if (script != Fish || File.Exists("/usr/bin/fish"))
            {
                Host.Shell(script, _bin, typed).Split('\n').Order().ShouldBe(["moving", "still"]);
            }
        }
    }
}
