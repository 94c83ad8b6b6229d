using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sampan.Conformance.Harness;

/// <summary>A process as the host sees it, held by a pidfd so that its number cannot come to mean another.</summary>
public sealed class HostProcess : IDisposable
{
    private readonly int _descriptor;

    /// <summary>Takes hold of a live process (or zombie).</summary>
    public HostProcess(int pid)
    {
        Pid = pid;
        _descriptor = Native.syscall(Native.SYS_pidfd_open, pid, 0);
        if (_descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"pidfd_open {pid}");
        }
    }

    /// <summary>Its number on the host.</summary>
    public int Pid { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Poll(0);

    /// <summary>Waits for its end; fails when it does not come.</summary>
    public void WaitForEnd() => Poll((int)Patience.Limit.TotalMilliseconds).ShouldBeTrue($"process {Pid} does not end");

    /// <summary>Sends a signal; false when it is gone.</summary>
    public bool Signal(int signal) => !HasEnded && Native.kill(Pid, signal) == 0;

    /// <summary>A field of /proc/PID/status without its name.</summary>
    public string Status(string field) =>
        File.ReadLines($"/proc/{Pid}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..].Trim();

    /// <summary>The namespace of a type, as "net:[4026531840]".</summary>
    public string Namespace(string type) => File.ResolveLinkTarget($"/proc/{Pid}/ns/{type}", returnFinalTarget: false)!.Name;

    /// <summary>The control group in the hierarchy of a v1 controller, or in the v2 hierarchy when it has none of its own.</summary>
    public string ControlGroup(string controller)
    {
        var lines = File.ReadAllLines($"/proc/{Pid}/cgroup").Select(line => line.Split(':', 3)).ToList();
        return (lines.FirstOrDefault(parts => parts[1].Split(',').Contains(controller)) ?? lines.Single(parts => parts[0] == "0"))[2];
    }

    /// <inheritdoc/>
    public void Dispose() => Native.close(_descriptor);

    private unsafe bool Poll(int milliseconds)
    {
        var poll = new Native.PollDescriptor { Descriptor = _descriptor, Events = Native.POLLIN };
        return Native.poll(&poll, 1, milliseconds) > 0;
    }
}
