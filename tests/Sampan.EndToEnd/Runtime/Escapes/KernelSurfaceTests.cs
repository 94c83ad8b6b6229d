namespace Sampan.EndToEnd.Runtime.Escapes;

/// <summary>The kernel behind docker's default profile, call by call (CVE-2026-31431, io_uring, keyctl, userfaultfd, bpf and their like).</summary>
public sealed class KernelSurfaceTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int OperationNotPermitted = 1;
    private const int NoSuchCall = 38;

    private static readonly Dictionary<string, int> Exceptions = new()
    {
        ["getpid"] = 0,
        ["family:2"] = 0,
        ["clone3"] = NoSuchCall,
        ["future"] = NoSuchCall,

        // Docker lets these through: the kernel has the word.
        ["ptrace:traceme"] = 0,
        ["modify_ldt"] = 0,
        ["name_to_handle_at"] = 14,
        ["clock_adjtime"] = 14,
    };

    [Fact]
    public void Is_closed_but_for_what_programs_use()
    {
        using var tool = new Tool("surface");
        var lines = host.Sampan("run", "--rm", "-v", tool.Path + ":/surface:ro", "busybox", "/surface").ShouldSucceed().Split('\n');
        lines.Length.ShouldBeGreaterThan(60);
        var wrong = new List<string>();
        foreach (var line in lines)
        {
            var (name, error) = (line.Split(' ')[0], int.Parse(line.Split(' ')[1]));
            var fine = Exceptions.TryGetValue(name, out var expected) ? error == expected : error == OperationNotPermitted;
            if (!fine)
            {
                wrong.Add(line);
            }
        }

        wrong.ShouldBeEmpty();
    }
}
