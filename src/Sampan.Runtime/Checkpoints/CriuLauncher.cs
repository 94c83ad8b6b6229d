using System.Globalization;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Processes;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Checkpoints;

/// <summary>
/// Starts criu as somebody's own service: it asks and answers on a socket it is born with. For a restore it is born in the container's
/// group and in a mount namespace in which the root filesystem is a mount, so that nothing is mounted on the host. criu opens the
/// directories it works in through its peer's descriptors (cr-service.c), and the peer of a socket pair is who made it (SO_PEERCRED,
/// unix(7)). Ours would be in another mount namespace, where it can mount nothing; so the child makes the pair and sends one end here.
/// </summary>
internal static class CriuLauncher
{
    private const int Socket = CriuStart.Socket;
    private const int DuplicateCloseOnExec = 1030;
    private const int CloseRangeCloexec = 4;
    private const int OpenWriteOnlyCloseOnExec = 1 | 0x8_0000;

    private static readonly nint OpenPathDirectory = 0x20_0000 | 0x8_0000 | OpenFlags.Directory.ToKernel();
    private static readonly nint OpenDirectory = 0x8_0000 | OpenFlags.Directory.ToKernel();

    /// <summary>Starts it.</summary>
    /// <param name="start">How.</param>
    /// <param name="errors">Its standard output and error.</param>
    /// <returns>The process, a child of the caller; what is its terminal otherwise is our end of the socket.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.CommandNotFound"/>: there is no criu; others: a step failed.</exception>
    public static LaunchedProcess Launch(CriuStart start, FileDescriptor errors)
    {
        try
        {
            using var child = ProcessCloner.Start(Compile(start, errors));
            return child.Await();
        }
        catch (SampanException error) when (error.Kind == ErrorKind.CommandNotFound)
        {
            throw new SampanException(ErrorKind.CommandNotFound, $"{error.Message}: install criu, or name it with --criu", error);
        }
    }

    private static CompiledLaunch Compile(CriuStart start, FileDescriptor errors)
    {
        using var plan = new PlanBuilder();
        var status = plan.NewRegister();
        var statusChild = plan.NewRegister();
        plan.Macro(PlanOperation.MakeSocketPair, "socketpair", "status channel", "tells when criu runs", status.Index, statusChild.Index);
        var procs = new List<PlanRegister>();
        foreach (var file in start.Cgroup?.JoinFiles ?? [])
        {
            procs.Add(plan.Call(
                SystemCall.OpenAt, "openat", file, "what criu restores is in the container's cgroup", MountFlags.AtFdCwd, plan.Arena.Text(file), OpenWriteOnlyCloseOnExec)
                .ToRegister());
        }

        PlanRegister? group = start.Cgroup?.CloneDirectory is { } directory
            ? plan.Call(
                SystemCall.OpenAt, "openat", directory, "what criu restores is in the container's cgroup", MountFlags.AtFdCwd, plan.Arena.Text(directory), OpenPathDirectory)
                .ToRegister()
            : null;

        // Lifted above every target first: dup3 in any order then overwrites nothing that is still needed.
        var given = CriuStart.FirstDescriptor + start.Directories.Count;
        var lowest = given + start.Descriptors.Count;
        var lifted = new List<PlanRegister>();
        foreach (var descriptor in start.Descriptors)
        {
            lifted.Add(plan.Call(SystemCall.Fcntl, "fcntl F_DUPFD", $"descriptor {descriptor.Number}", "out of the way", descriptor.Number, DuplicateCloseOnExec, lowest).ToRegister());
        }

        var output = plan.Call(SystemCall.Fcntl, "fcntl F_DUPFD", "criu's output", "out of the way", errors.Number, DuplicateCloseOnExec, lowest).ToRegister();
        var said = plan.Call(SystemCall.Fcntl, "fcntl F_DUPFD", "status channel", "out of the way", statusChild, DuplicateCloseOnExec, lowest).ToRegister();
        plan.Macro(PlanOperation.Clone, "clone3", start.Root is null ? "no new namespaces" : "namespaces mount", "criu");
        plan.EnterContainer();
        plan.Macro(PlanOperation.ResetSignals, "rt_sigaction", "all signals", "default dispositions");
        foreach (var file in procs)
        {
            plan.Call(SystemCall.Write, "write", "cgroup", "enter the container's cgroup", file, plan.Arena.Text("0"), 1);
        }

        if (start.Root is { } root)
        {
            MakeRoot(plan, start, root);
        }

        OfferSocket(plan, said, lowest);
        plan.Call(SystemCall.Dup3, "dup3", "criu's output", "standard output", output, 1, 0);
        plan.Call(SystemCall.Dup3, "dup3", "criu's output", "standard error", output, 2, 0);
        for (var index = 0; index < lifted.Count; index++)
        {
            plan.Call(SystemCall.Dup3, "dup3", $"descriptor {given + index}", "handed over", lifted[index], given + index, 0);
        }

        for (var index = 0; index < start.Directories.Count; index++)
        {
            var path = start.Directories[index];
            var opened = plan.Call(SystemCall.OpenAt, "openat", path, "criu works in it", MountFlags.AtFdCwd, plan.Arena.Text(path), OpenDirectory).ToRegister();
            var high = plan.Call(SystemCall.Fcntl, "fcntl F_DUPFD", path, "out of the way", opened, DuplicateCloseOnExec, lowest).ToRegister();
            plan.Call(SystemCall.Dup3, "dup3", path, "handed over", high, CriuStart.FirstDescriptor + index, 0);
        }

        plan.Call(SystemCall.CloseRange, "close_range", $"{lowest} and above", "nothing else is handed over", lowest, int.MaxValue, CloseRangeCloexec);
        plan.Call(SystemCall.RtSigprocmask, "rt_sigprocmask", "none", "signals were blocked since the clone", 2, AllocateZero(plan), 0, 8);
        var candidates = Candidates(start.Program);
        plan.Macro(
            PlanOperation.Execute, "execve", $"{start.Program} swrk {Socket}", "criu takes over",
            plan.Arena.TextArray(candidates), plan.Arena.TextArray([start.Program, "swrk", Socket.ToString(CultureInfo.InvariantCulture)]), plan.Arena.TextArray(OwnEnvironment.List()));
        var flags = CloneArguments.PidFd | CloneArguments.ClearSigHand
            | (group is null ? 0 : CloneArguments.IntoCgroup)
            | (start.Root is null ? 0 : NamespaceSet.Flag("mount"));
        return new CompiledLaunch(plan.Build(start.Program, candidates), new CloneArguments(flags, group), status);
    }

    private static void OfferSocket(PlanBuilder plan, PlanRegister status, int lowest)
    {
        var ours = plan.NewRegister();
        var theirs = plan.NewRegister();
        plan.Macro(PlanOperation.MakeSocketPair, "socketpair", "criu's socket", "questions and answers, one a packet", ours.Index, theirs.Index, 1);
        plan.Macro(PlanOperation.SendDescriptor, "sendmsg SCM_RIGHTS", "criu's socket", "the parent asks", status, ours);
        var high = plan.Call(SystemCall.Fcntl, "fcntl F_DUPFD", "criu's socket", "out of the way", theirs, DuplicateCloseOnExec, lowest).ToRegister();
        Close(plan, ours);
        plan.Call(SystemCall.Dup3, "dup3", "criu's socket", "handed over", high, Socket, 0);
    }

    /// <summary>
    /// Twice: places of mounts are made in a first tree, in which the bind mounts lie, since one may hold the place of another; criu gets a
    /// second one that is bare.
    /// </summary>
    private static void MakeRoot(PlanBuilder plan, CriuStart start, string root)
    {
        var mountNamespace = PrivateMounts.Enter(plan);
        Close(plan, mountNamespace);
        Close(plan, PutInPlace(plan, root, "places of mounts are made in it"));
        new MountPlaces(plan).Make(root, start.Mounts);
        plan.Call(SystemCall.Umount2, "umount2", root, "with all that was mounted in it", plan.Arena.Text(root), MountFlags.UnmountDetach);
        var tree = PutInPlace(plan, root, "criu wants the root to be a mount");
        if (start.ReadOnlyRoot)
        {
            SetReadOnly(plan, tree);
        }

        Close(plan, tree);
        if (!start.Pivot)
        {
            // The root of a namespace that is the initial ramfs has no mount below it to go back to, which pivot_root(2) demands.
            var top = PutInPlace(plan, "/", "a mount over the initial ramfs, which criu can leave");
            plan.Call(SystemCall.Fchdir, "fchdir", "/", "stand in it", top);
            plan.Call(SystemCall.Chroot, "chroot", "/", "look from it", plan.Arena.Text("."));
            Close(plan, top);
        }

        plan.Call(SystemCall.Chdir, "chdir", "/", "keeps no directory busy", plan.Arena.Text("/"));
    }

    // A clone of the tree at a path over that path.
    private static PlanRegister PutInPlace(PlanBuilder plan, string path, string purpose)
    {
        var nothing = plan.Arena.Text("");
        var native = plan.Arena.Text(path);
        var tree = plan.Call(
            SystemCall.OpenTree, "open_tree", path, purpose,
            MountFlags.AtFdCwd, native, MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec | MountFlags.AtRecursive).ToRegister();
        plan.Call(SystemCall.MoveMount, "move_mount", path, purpose, tree, nothing, MountFlags.AtFdCwd, native, MountFlags.MoveMountFromEmptyPath);
        return tree;
    }

    private static unsafe void SetReadOnly(PlanBuilder plan, PlanRegister tree)
    {
        // struct mount_attr: attr_set, attr_clr, propagation, userns_fd (mount_setattr(2)).
        const int size = 32;
        var attributes = (ulong*)plan.Arena.Allocate(size);
        attributes[0] = MountFlags.AttributeReadOnly;
        plan.Call(
            SystemCall.MountSetattr, "mount_setattr", "/ ro", "the root filesystem is read-only", tree, plan.Arena.Text(""), MountFlags.AtEmptyPath, (nint)attributes, size);
    }

    private static void Close(PlanBuilder plan, PlanRegister descriptor) => plan.Call(SystemCall.Close, "close", "descriptor", "no longer needed", descriptor);

    private static List<string> Candidates(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return [Path.GetFullPath(program)];
        }

        var candidates = new List<string>();
        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").Split(':'))
        {
            candidates.Add(directory.Length == 0 ? $"./{program}" : $"{directory}/{program}");
        }

        return candidates;
    }

    private static unsafe nint AllocateZero(PlanBuilder plan) => (nint)plan.Arena.Allocate(8);
}
