using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>Starts this very executable again, detached from its terminal: how a command line starts a monitor.</summary>
public static class SelfLauncher
{
    private const int OpenReadWriteCloseOnExec = 2 | 0x8_0000;

    /// <summary>
    /// Executes /proc/self/exe through a read-only mount that is in no tree. Whatever a container later reaches through /proc/PID/exe of
    /// that process can be read and never be written (CVE-2019-5736).
    /// </summary>
    /// <param name="arguments">argv, with argv[0].</param>
    /// <param name="environment">Environment, NAME=value.</param>
    /// <param name="descriptors">Descriptors it inherits, as 3, 4 … in this order. 0, 1 and 2 are the null device.</param>
    /// <returns>The process on its way, in a session of its own, its working directory /.</returns>
    /// <exception cref="SampanException">A step failed before there was a process.</exception>
    public static LaunchingProcess Start(IReadOnlyList<string> arguments, IReadOnlyList<string> environment, IReadOnlyList<FileDescriptor> descriptors)
    {
        var numbers = new int[descriptors.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = descriptors[i].Number;
        }

        return ProcessCloner.Start(Compile(arguments, environment, numbers));
    }

    /// <summary>Compiles the same without doing any of it.</summary>
    /// <param name="arguments">argv, with argv[0].</param>
    /// <param name="environment">Environment, NAME=value.</param>
    /// <param name="descriptorCount">How many descriptors it would inherit.</param>
    /// <returns>The plan; its texts say what would be done.</returns>
    public static LaunchPlan Explain(IReadOnlyList<string> arguments, IReadOnlyList<string> environment, int descriptorCount) =>
        Compile(arguments, environment, new int[descriptorCount]).Plan;

    private static CompiledLaunch Compile(IReadOnlyList<string> arguments, IReadOnlyList<string> environment, int[] descriptors)
    {
        using var plan = new PlanBuilder();
        var nothing = plan.Arena.Text("");
        var status = plan.NewRegister();
        var statusChild = plan.NewRegister();
        plan.Macro(PlanOperation.MakeSocketPair, "socketpair", "status channel", "tells when the monitor runs", status.Index, statusChild.Index);
        var image = plan.Call(
            SystemCall.OpenTree, "open_tree", "/proc/self/exe", "a private mount of this executable",
            MountFlags.AtFdCwd, plan.Arena.Text("/proc/self/exe"), MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec).ToRegister();
        unsafe
        {
            var attributes = (ulong*)plan.Arena.Allocate(32);
            attributes[0] = MountFlags.AttributeReadOnly;
            plan.Call(
                SystemCall.MountSetattr, "mount_setattr", "this executable ro", "no container can ever write it (CVE-2019-5736)",
                image, nothing, MountFlags.AtEmptyPath, (nint)attributes, 32);
        }

        // Lifted above every target first: dup3 in any order then overwrites nothing that is still needed.
        var lowest = 3 + descriptors.Length;
        var lifted = new PlanRegister[descriptors.Length];
        for (var i = 0; i < descriptors.Length; i++)
        {
            lifted[i] = plan.Call(SystemCall.Fcntl, "fcntl F_DUPFD", $"descriptor {3 + i}", "out of the way", descriptors[i], 1030, lowest).ToRegister();
        }

        plan.Call(SystemCall.Fcntl, "fcntl F_DUPFD", "status channel", "out of the way", statusChild, 1030, lowest).ToRegister();
        var image2 = plan.Call(SystemCall.Fcntl, "fcntl F_DUPFD", "executable", "out of the way", image, 1030, lowest).ToRegister();
        plan.Macro(PlanOperation.Clone, "clone3", "no new namespaces", "the monitor");
        plan.EnterContainer();
        plan.Macro(PlanOperation.ResetSignals, "rt_sigaction", "all signals", "default dispositions");
        plan.Call(SystemCall.Setsid, "setsid", "new session", "independent of the terminal");
        plan.Call(SystemCall.Chdir, "chdir", "/", "keeps no directory busy", plan.Arena.Text("/"));
        var nullDevice = plan.Call(
            SystemCall.OpenAt, "openat", "/dev/null", "standard streams", MountFlags.AtFdCwd, plan.Arena.Text("/dev/null"), OpenReadWriteCloseOnExec).ToRegister();
        for (var i = 0; i < 3; i++)
        {
            plan.Call(SystemCall.Dup3, "dup3", $"null device to {i}", "standard stream", nullDevice, i, 0).Tolerate([Errno.EINVAL]);
        }

        for (var i = 0; i < lifted.Length; i++)
        {
            plan.Call(SystemCall.Dup3, "dup3", $"descriptor {3 + i}", "handed over", lifted[i], 3 + i, 0);
        }

        plan.Call(SystemCall.CloseRange, "close_range", $"{lowest} and above", "nothing else is handed over", lowest, int.MaxValue, 4);
        plan.Call(SystemCall.RtSigprocmask, "rt_sigprocmask", "none", "signals were blocked since the clone", 2, AllocateZero(plan), 0, 8);
        plan.Call(
            SystemCall.ExecveAt, "execveat", arguments[0], "the monitor takes over",
            image2, nothing, plan.Arena.TextArray(arguments), plan.Arena.TextArray(environment), MountFlags.AtEmptyPath);
        return new CompiledLaunch(
            plan.Build(arguments[0], []), new CloneArguments(CloneArguments.PidFd | CloneArguments.ClearSigHand, null), status);
    }

    private static unsafe nint AllocateZero(PlanBuilder plan) => (nint)plan.Arena.Allocate(8);
}
