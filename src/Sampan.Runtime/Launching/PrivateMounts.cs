using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>The first steps of a child in a new mount namespace: what it mounts is seen by nobody else.</summary>
internal static class PrivateMounts
{
    private const int OpenCloseOnExec = 0x8_0000;

    private static readonly nint OpenPathDirectory = 0x20_0000 | OpenCloseOnExec | Sampan.Linux.Files.OpenFlagBits.ToKernel(Sampan.Linux.Files.OpenFlags.Directory);

    /// <summary>
    /// Whoever starts a container may itself be in a chroot(2). Its / is then neither the root of the mount namespace nor, often, a mount
    /// at all: mounts outside it would stay shared with the host, pivot_root would leave the host's root in place, and setns(2), which
    /// lands on the namespace's root, would take an exec'd process there. Entering a mount namespace, be it one's own, leads out of a
    /// chroot; the caller's root is then only a directory that paths are looked up from.
    /// </summary>
    /// <param name="plan">Where the steps go.</param>
    /// <param name="before">Adds what is to be done while nothing has been left yet.</param>
    /// <returns>Register of the mount namespace, which stays open.</returns>
    public static PlanRegister Enter(PlanBuilder plan, Action? before = null)
    {
        const string own = "/proc/self/ns/mnt";
        var mountNamespace = plan.Call(
            SystemCall.OpenAt, "openat", own, "the way to the root of the container's mount namespace",
            MountFlags.AtFdCwd, plan.Arena.Text(own), OpenCloseOnExec).ToRegister();
        var callerRoot = plan.Call(
            SystemCall.OpenAt, "openat", "/", "paths of the caller start here, which may be a chroot",
            MountFlags.AtFdCwd, plan.Arena.Text("/"), OpenPathDirectory).ToRegister();
        before?.Invoke();
        Reenter(plan, mountNamespace, "leave the caller's chroot, if it is in one");
        MakeSlaves(plan);
        plan.Call(SystemCall.Fchdir, "fchdir", "caller's root", "paths of the caller start here", callerRoot);
        plan.Call(SystemCall.Chroot, "chroot", "caller's root", "paths of the caller start here", plan.Arena.Text("."));
        plan.Call(SystemCall.Close, "close", "caller's root", "no longer needed", callerRoot);
        return mountNamespace;
    }

    /// <summary>Goes to the root of the own mount namespace.</summary>
    /// <param name="plan">Where the step goes.</param>
    /// <param name="mountNamespace">The namespace.</param>
    /// <param name="purpose">Why.</param>
    public static void Reenter(PlanBuilder plan, PlanRegister mountNamespace, string purpose) =>
        plan.Call(SystemCall.SetNs, "setns", "own mount namespace", purpose, mountNamespace, (nint)NamespaceSet.Flag("mount"));

    /// <summary>Mounts of the host still come in, none goes out.</summary>
    /// <param name="plan">Where the step goes.</param>
    public static unsafe void MakeSlaves(PlanBuilder plan) => plan.Call(
        SystemCall.Mount, "mount", "/", "nothing mounted from here on is seen by the host",
        0, plan.Arena.Text("/"), 0, (nint)(MountFlags.Slave | MountFlags.Recursive), 0);
}
