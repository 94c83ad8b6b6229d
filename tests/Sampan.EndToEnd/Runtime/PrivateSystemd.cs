namespace Sampan.EndToEnd.Runtime;

/// <summary>
/// The distribution's systemd as a user's manager in a mount namespace of its own, where it is found at the place of the system's: it needs
/// no machine, only a /run that says systemd was booted and a group, and speaks the very interface of the system's.
/// </summary>
internal sealed class PrivateSystemd : IDisposable
{
    private const string Program = "/usr/lib/systemd/systemd";

    private readonly RunningCommand _systemd;
    private readonly string _group = $"/sampan-systemd-{Environment.ProcessId}";

    public PrivateSystemd()
    {
        var join = $"for tree in /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do mkdir -p $tree{_group}; echo $$ >$tree{_group}/cgroup.procs; done; ";
        const string Boot = "mount --make-rprivate /; mount -t tmpfs -o mode=755 tmpfs /run; mkdir -p /run/systemd/system; "
            + $"exec env -i HOME=/nonexistent PATH=$PATH XDG_RUNTIME_DIR=/run {Program} --user --log-target=console --log-level=warning";
        _systemd = new RunningCommand("/bin/bash", ["-c", $"{join} exec unshare --mount bash -c '{Boot}'"]);
        _systemd.CloseInput();
        Patience.ShouldCome(() => _systemd.HasExited || File.Exists($"/proc/{_systemd.Pid}/root/run/systemd/private"), "systemd listens");
        _systemd.HasExited.ShouldBeFalse("systemd runs");
    }

    /// <summary>Why there cannot be one; null when there can.</summary>
    public static string? Missing =>
        !File.Exists(Program) ? "systemd is not installed" : !Directory.Exists("/sys/fs/cgroup/unified") || !Directory.Exists("/sys/fs/cgroup/systemd") ? "a hybrid host is needed" : null;

    /// <summary>Runs a command where this systemd is the system's.</summary>
    public CommandResult Run(string program, params string[] arguments)
    {
        using var command = new RunningCommand("nsenter", ["--mount", "--target", $"{_systemd.Pid}", program, .. arguments]);
        command.CloseInput();
        return command.Wait();
    }

    /// <summary>A property of a unit.</summary>
    public string Show(string unit, string property) =>
        Run("env", "XDG_RUNTIME_DIR=/run", "systemctl", "--user", "show", "--value", "--property", property, unit).ShouldSucceed();

    public void Dispose()
    {
        _systemd.Dispose();
        Host.Shell(
            "for tree in /sys/fs/cgroup/*; do find \"$tree$1\" -name cgroup.procs -exec cat {} + 2>/dev/null | xargs -r kill -9 2>/dev/null || true; done; "
            + "for tree in /sys/fs/cgroup/*; do for i in $(seq 200); do test -d \"$tree$1\" || break; find \"$tree$1\" -depth -type d -exec rmdir {} \\; 2>/dev/null || true; sleep 0.02; done; test ! -d \"$tree$1\"; done",
            _group);
    }
}
