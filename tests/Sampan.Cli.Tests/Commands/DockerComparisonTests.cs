using Sampan.Cli.Commands;

namespace Sampan.Cli.Tests.Commands;

/// <summary>The same wrong command lines to docker's client and to ours: the same words, the same exit code.</summary>
public sealed class DockerComparisonTests : IDisposable
{
    private readonly CapturedOutput _captured = new();

    public static TheoryData<string> WrongLines { get; } =
    [
        "run --bad",
        "run -x",
        "run -itz busybox",
        "run --name",
        "run -e",
        "run -m x busybox",
        "run -mx busybox",
        "run --memory=abc busybox",
        "run --memory-swap z busybox",
        "run --shm-size z busybox",
        "run --rm=maybe busybox",
        "run --cpus=x busybox",
        "run --cpus=0.0000000001 busybox",
        "run --ulimit foo busybox",
        "run --ulimit nofile=x busybox",
        "run -e =x busybox",
        "run --stop-timeout x busybox",
        "run --oom-score-adj 99999999999999999999 busybox",
        "run --pids-limit z busybox",
        "run --sysctl x busybox",
        "run --sysctl kernel.hostname=x busybox",
        "run -a foo busybox",
        "run --add-host foo busybox",
        "run --dns foo busybox",
        "run -itz",
        "run --blkio-weight 99999 busybox",
        "run --blkio-weight x busybox",
        "run --blkio-weight-device x busybox",
        "run --blkio-weight-device x:500 busybox",
        "run --blkio-weight-device /dev/x:5 busybox",
        "run --device-read-bps x:1 busybox",
        "run --device-read-bps /dev/x:q busybox",
        "run --device-write-iops /dev/x:1m busybox",
        "run --cpu-rt-period x busybox",
        "run --memory-swappiness x busybox",
        "run --oom-kill-disable=x busybox",
        "create --pull",
        "run --ulimit nofile=2:1 busybox",
        "run --ulimit nofile=1:2:3 busybox",
        "run --sysctl net.a busybox",
        "logs --details=x a",
        "rm --link=x a",
        "create --bad",
        "exec --bad x",
        "ps --bad",
        "ps --format",
        "ps -n x",
        "ps --filter foo",
        "container ls --bad",
        "stop -t x a",
        "kill --bad",
        "logs --bad",
        "images --bad",
        "volume ls --bad",
        "run",
        "create",
        "rm",
        "ps a",
        "logs",
        "logs a b",
        "exec a",
        "tag a",
        "commit",
        "kill",
        "wait",
        "history",
        "info a",
        "version a",
        "volume create a b",
        "volume rm",
        "images a b",
        "bogus",
        "help bogus",
    ];

    public void Dispose() => _captured.Dispose();

    [Theory]
    [MemberData(nameof(WrongLines))]
    public void Wrong_command_lines_are_refused_alike(string line)
    {
        Assert.SkipUnless(DockerClient.IsHere, "no docker client on this machine");
        var docker = DockerClient.Run(line.Split(' '));
        var ours = _captured.Run(line.Split(' '));
        ours.ExitCode.ShouldBe(docker.ExitCode);
        Normal(ours.Error).ShouldBe(Normal(docker.Error));
        ours.Out.ShouldBeEmpty();
    }

    /// <summary>Whatever flag help shows, docker's help shows it with the same letter, the same kind of value and the same sentence.</summary>
    [Fact]
    public void Help_says_what_dockers_says()
    {
        Assert.SkipUnless(DockerClient.IsHere, "no docker client on this machine");
        var differences = new List<string>();
        foreach (var entry in CommandTable.Entries)
        {
            var path = entry.TopLevelName ?? entry.Paths[0];
            if (!entry.Hidden && path != "completion")
            {
                Compare(path, differences);
            }
        }

        differences.ShouldBeEmpty();
    }

    private void Compare(string path, List<string> differences)
    {
        var docker = Flags(DockerClient.Run([.. path.Split(' '), "--help"]).Out);
        foreach (var (flag, sentence) in Flags(_captured.Run([.. path.Split(' '), "--help"]).Out))
        {
            if (!Own.Contains($"{path} {flag}") && (!docker.TryGetValue(flag, out var theirs) || theirs != sentence))
            {
                differences.Add($"{path}: {flag}: \"{sentence}\", docker: \"{theirs}\"");
            }
        }
    }

    /// <summary>Flags docker does not have, and sentences that say what ours can do.</summary>
    private static readonly HashSet<string> Own =
    [
        "run --annotation map", "create --annotation map", "create --pull string",
        "pull --require-signature string", "image pull --require-signature string",
        "run --explain", "run --trace", "top --tree", "run --rootfs string", "create --rootfs string", "save --format string", "run --health-on-failure string", "create --health-on-failure string",
        "run --cgroupns string", "create --cgroupns string",
        "run --sysctl map", "create --sysctl map",
        "run --ulimit ulimit", "create --ulimit ulimit", "volume create -o, --opt map", "inspect -f, --format string", "system check --repair", "explain -f, --format string",
        "run --userns string", "create --userns string", "run --uidmap list", "create --uidmap list", "run --gidmap list", "create --gidmap list", "system check --digests",
        "commit --compression string", "import --compression string", "update --device-add list", "update --device-rm list", "update --lazy", "update --mount-add mount", "update --mount-rm list",
        "update --publish-add list", "update --publish-rm list",
    ];

    private static Dictionary<string, string> Flags(string help)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        string? current = null;
        var seen = false;
        foreach (var line in help.Split('\n'))
        {
            seen |= line == "Options:";
            if (!seen || line.Length == 0)
            {
                continue;
            }

            var text = line.TrimStart();
            if (text.StartsWith('-') && line.Length - text.Length <= 6)
            {
                var end = text.IndexOf("   ", StringComparison.Ordinal);
                current = end < 0 ? text : text[..end];
                flags[current] = end < 0 ? "" : text[end..].Trim();
            }
            else if (current is not null)
            {
                flags[current] += " " + text;
            }
        }

        // Docker points to its web pages, which are not about us.
        foreach (var (flag, sentence) in flags)
        {
            flags[flag] = sentence.Replace(
                " Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates", "", StringComparison.Ordinal);
        }

        return flags;
    }

    // The program's name differs; docker says "See" and "SRun" in places where it means "Run".
    private static string Normal(string text) => text
        .Replace("docker", "sampan", StringComparison.Ordinal)
        .Replace("\nSee '", "\nRun '", StringComparison.Ordinal)
        .Replace("\nSRun '", "\nRun '", StringComparison.Ordinal)
        .Replace("file|URL|-", "file|-", StringComparison.Ordinal)
        .Replace("Usage:  sampan [OPTIONS] COMMAND [ARG...]\n\n", "", StringComparison.Ordinal)
        .TrimEnd();
}
