using System.Diagnostics;
using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

/// <summary>A group of a test, removed with whatever is in it.</summary>
internal sealed class TemporaryCgroup(CgroupHierarchy hierarchy, CgroupLimits limits) : IDisposable
{
    public Cgroup Cgroup { get; } = hierarchy.Create($"/sampan-test-{Guid.NewGuid():N}", limits);

    /// <summary>Starts a shell that joins the group as a container's child does, then runs a command.</summary>
    public Process Start(string command)
    {
        var joins = string.Concat(Cgroup.JoinFiles.Select(file => $"echo 0 > {file}; "));
        var clone = Cgroup.CloneDirectory is { } directory ? $"echo 0 > {directory}/cgroup.procs; " : "";
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", joins + clone + command]))!;
    }

    public int Run(string command)
    {
        using var process = Start(command);
        process.WaitForExit(20_000).ShouldBeTrue();
        return process.ExitCode;
    }

    public void Dispose() => Cgroup.Remove();
}
