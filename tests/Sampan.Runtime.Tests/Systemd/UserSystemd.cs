using System.Diagnostics;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Dbus;
using Sampan.Linux.Systemd;

namespace Sampan.Runtime.Tests.Systemd;

/// <summary>
/// The distribution's systemd as a user's manager: it needs no machine of its own, only a /run that says systemd was booted and a group, and
/// speaks the very interface of the system's.
/// </summary>
internal sealed class UserSystemd : IDisposable
{
    private const string Binary = "/usr/lib/systemd/systemd";

    private readonly List<string> _trees = [.. CgroupMounts.Read("/sys/fs/cgroup").Where(mount => mount.Unified || mount.Has("name=systemd")).Select(mount => mount.Mountpoint)];
    private readonly Process _process;

    public UserSystemd()
    {
        var joins = "";
        foreach (var tree in _trees)
        {
            Directory.CreateDirectory(tree + Root);
            joins += $"echo 0 > {tree + Root}/cgroup.procs; ";
        }

        var script = joins
            + "mount --make-rprivate /; mount -t tmpfs tmpfs /run; mkdir -p /run/systemd/system /run/sampan; chmod 700 /run/sampan; "
            + $"exec env -i HOME=/nonexistent PATH=$PATH XDG_RUNTIME_DIR=/run/sampan {Binary} --user --log-target=console --log-level=warning";
        _process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", script]) { RedirectStandardError = true, UseShellExecute = false })!;
        try
        {
            SpinWait.SpinUntil(() => Answers(), 20_000).ShouldBeTrue();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static bool IsPossible => File.Exists(Binary) && Environment.IsPrivilegedProcess && CgroupHierarchy.Detect().Version != CgroupVersion.V1;

    /// <summary>Its own group, below which its slices are.</summary>
    public string Root { get; } = $"/sampan-systemd-{Guid.NewGuid():N}";

    private string Socket => $"/proc/{_process.Id}/root/run/sampan/systemd/private";

    public SystemdClient Connect() => new(DbusConnection.TryConnect(Socket, false).ShouldNotBeNull());

    public SystemdHierarchy Hierarchy(params UnitProperty[] more)
    {
        var mounts = CgroupMounts.Read("/sys/fs/cgroup");
        return new(
            CgroupHierarchy.Of(mounts, "/sys/fs/cgroup"), mounts.FindAll(mount => mount.Has("name=systemd")), null, Connect, () => new SleepingSeed(), more);
    }

    public void Dispose()
    {
        // Slices of limits systemd's user manager has no controller for are ours, in the other trees.
        foreach (var tree in CgroupMounts.Read("/sys/fs/cgroup"))
        {
            var directory = new CgroupDirectory(tree.Mountpoint + Root);
            directory.KillEach(CgroupDirectory.Now() + 10_000).ShouldBeTrue();
            SpinWait.SpinUntil(() => directory.Remove() == Errno.None, 10_000).ShouldBeTrue();
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit(10_000).ShouldBeTrue();
        _process.Dispose();
    }

    private bool Answers()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException("systemd: " + _process.StandardError.ReadToEnd());
        }

        try
        {
            // Refused until it runs: before that the path is the shell's root.
            using var connection = DbusConnection.TryConnect(Socket, false);
            return connection is not null;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    // An ordinary process: a JIT-compiled program cannot walk a plan in a clone of itself.
    private sealed class SleepingSeed : IScopeSeed
    {
        private readonly Process _process = Process.Start("/bin/sleep", "1000");

        public int Pid => _process.Id;

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit(10_000).ShouldBeTrue();
            _process.Dispose();
        }
    }
}
