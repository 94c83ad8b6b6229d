using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>The steps that a container's first process and an exec'd one have in common: everything the specification's process says.</summary>
internal sealed unsafe partial class ProcessSteps(PlanBuilder plan, RuntimeProcess process)
{
    /// <summary>sizeof(struct open_how).</summary>
    public const int OpenHowSize = 24;

    private const int OpenCloseOnExec = 0x8_0000;
    private const int OpenReadWriteNoTty = 2 | 0x100 | OpenCloseOnExec;
    private const int PrSetPdeathsig = 1;
    private const int PrSetDumpable = 4;
    private const int SigKill = 9;
    private const int TioCSetPtyLock = 0x40045431;
    private const int TioCGetPtPeer = 0x5441;
    private const int TioCSetControllingTerminal = 0x540E;
    private const int TioCSetWindowSize = 0x5414;

    private PlanRegister? _slave;
    private PlanRegister _statusChild;

    /// <summary>The child dies with its parent, is not dumpable while it holds the host's descriptors (CVE-2016-9962), and starts with
    /// default signals and no umask.</summary>
    public void BindToParent(PlanRegister status, PlanRegister statusChild, bool hides = true)
    {
        _statusChild = statusChild;
        if (hides)
        {
            plan.Call(SystemCall.Prctl, "prctl PR_SET_DUMPABLE", "0", "nobody in the container may trace it before it has entered", PrSetDumpable);
        }

        plan.Macro(PlanOperation.ResetSignals, "rt_sigaction", "all signals", "default dispositions");
        DieWithParent();
        Close(status, "parent's end of the status channel");

        // Fails when the parent is gone already: the death signal only covers what happens after it was asked for.
        plan.Call(SystemCall.Write, "write", "status channel", "the parent is there", statusChild, plan.Arena.Text("+"), 1);
        plan.Call(SystemCall.Umask, "umask", "0", "modes are made as given");
    }

    public void Close(PlanRegister descriptor, string what) => plan.Call(SystemCall.Close, "close", what, "no longer needed", descriptor);

    /// <summary>A struct open_how that resolves beneath a root and refuses magic links.</summary>
    public nint OpenHow(nint flags, ResolveFlags more = ResolveFlags.InRoot)
    {
        var how = (ulong*)plan.Arena.Allocate(OpenHowSize);
        how[0] = (ulong)flags;
        how[2] = (ulong)(ResolveFlags.InRoot | ResolveFlags.NoMagicLinks | more);
        return (nint)how;
    }

    /// <summary>What AppArmor and SELinux make of the command, to take effect at its execution; SELinux labels its keyring too.</summary>
    /// <param name="write">Writes a file of /proc/self: name, content, purpose.</param>
    public void SetLabels(Action<string, string, string> write)
    {
        if (process.ApparmorProfile is { Length: > 0 } profile)
        {
            write("attr/apparmor/exec", $"exec {profile}", "the AppArmor profile of the command (apparmor(7))");
        }

        if (process.SelinuxLabel is { Length: > 0 } label)
        {
            write("attr/exec", label, "the SELinux context of the command (selinux(8))");
            write("attr/keycreate", label, "the SELinux context of its keyring");
        }
    }

    /// <summary>Writes a file of a proc mount reached by descriptor, and of that mount only: nothing that lies over it (CVE-2019-16884).</summary>
    public void WriteFile(PlanRegister proc, string path, string value, string purpose)
    {
        var file = plan.Call(
            SystemCall.OpenAt2, "openat2", $"/proc/{path}", purpose, proc, plan.Arena.Text(path), OpenHow(1 | OpenCloseOnExec, ResolveFlags.NoCrossDevice), OpenHowSize).ToRegister();
        plan.Call(SystemCall.Write, "write", $"/proc/{path} = {value}", purpose, file, plan.Arena.Text(value), System.Text.Encoding.UTF8.GetByteCount(value));
        Close(file, path);
    }

    /// <summary>
    /// Takes a new terminal from a devpts directory and sends its master to the parent. TIOCGPTPEER yields the slave of that very master,
    /// whatever lies at /dev/pts by name.
    /// </summary>
    /// <returns>Register of the slave.</returns>
    public PlanRegister OpenTerminal(PlanRegister directory, string path, PlanRegister statusChild)
    {
        var master = plan.Call(
            SystemCall.OpenAt2, "openat2", "ptmx", "a new pseudo terminal of the container's own devpts",
            directory, plan.Arena.Text(path), OpenHow(OpenReadWriteNoTty), OpenHowSize).ToRegister();
        plan.Call(SystemCall.Ioctl, "ioctl TIOCSPTLCK", "terminal", "unlock its slave side", master, TioCSetPtyLock, (nint)plan.Arena.Allocate(4));
        var slave = plan.Call(SystemCall.Ioctl, "ioctl TIOCGPTPEER", "terminal", "open its slave side", master, TioCGetPtPeer, OpenReadWriteNoTty).ToRegister();
        if (process.ConsoleSize is { } size)
        {
            var window = (ushort*)plan.Arena.Allocate(8);
            window[0] = (ushort)size.Height;
            window[1] = (ushort)size.Width;
            plan.Call(SystemCall.Ioctl, "ioctl TIOCSWINSZ", $"{size.Height} rows, {size.Width} columns", "initial size", slave, TioCSetWindowSize, (nint)window);
        }

        if (process.User.Uid != 0)
        {
            plan.Call(SystemCall.Fchown, "fchown", "terminal", "its user may open it again", slave, (nint)process.User.Uid, -1).Tolerate([Errno.EINVAL, Errno.EPERM]);
        }

        plan.Macro(PlanOperation.SendDescriptor, "sendmsg SCM_RIGHTS", "terminal master", "the parent keeps the master side", statusChild, master);
        Close(master, "terminal master");
        _slave = slave;
        return slave;
    }

    /// <summary>Standard streams: the terminal, or the descriptors given, or the null device. A new session either way.</summary>
    public void AttachStreams(FileDescriptor? stdin, FileDescriptor? stdout, FileDescriptor? stderr, bool inherit = false)
    {
        plan.Call(SystemCall.Setsid, "setsid", "new session", "no terminal of the host");
        if (_slave is { } slave)
        {
            plan.Call(SystemCall.Ioctl, "ioctl TIOCSCTTY", "terminal", "the session's controlling terminal", slave, TioCSetControllingTerminal, 0);
            for (var i = 0; i < 3; i++)
            {
                plan.Call(SystemCall.Dup3, "dup3", $"terminal to {i}", "standard stream", slave, i, 0);
            }

            return;
        }

        if (inherit)
        {
            for (var i = 0; i < 3; i++)
            {
                GiveStream(i);
            }

            return;
        }

        PlanRegister? nothing = null;
        Attach(stdin, 0);
        Attach(stdout, 1);
        Attach(stderr, 2);

        void Attach(FileDescriptor? stream, int number)
        {
            if (stream is not null)
            {
                plan.Call(SystemCall.Dup3, "dup3", $"pipe to {number}", "standard stream", stream.Number, number, 0);
                GiveStream(number);
                return;
            }

            nothing ??= plan.Call(
                SystemCall.OpenAt, "openat", "/dev/null", "for streams nobody gave", -100, plan.Arena.Text("/dev/null"), 2 | OpenCloseOnExec).ToRegister();
            plan.Call(SystemCall.Dup3, "dup3", $"null device to {number}", "standard stream", nothing.Value, number, 0);
        }
    }

    /// <summary>
    /// The host's null device would be a file from outside of the container, which no checkpoint can hold (criu(8)), and a way to a mount of the host. A
    /// container that has none keeps it.
    /// </summary>
    /// <param name="numbers">The streams that are the null device.</param>
    public void OwnNullDevice(IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0 || _slave is not null)
        {
            return;
        }

        var nothing = plan.Call(
            SystemCall.OpenAt2, "openat2", "/dev/null", "the container's own null device, for streams that are the host's",
            -100, plan.Arena.Text("/dev/null"), OpenHow(OpenReadWriteNoTty), OpenHowSize).Tolerate([Errno.ENOENT, Errno.EACCES, Errno.EPERM], numbers.Count + 1).ToRegister();
        foreach (var number in numbers)
        {
            plan.Call(SystemCall.Dup3, "dup3", $"null device to {number}", "standard stream", nothing, number, 0);
        }

        Close(nothing, "null device");
    }

    /// <summary>So that /dev/stdout can be opened again by the container's user, as with docker and podman.</summary>
    private void GiveStream(int number)
    {
        if (process.User.Uid != 0)
        {
            plan.Call(SystemCall.Fchown, "fchown", $"stream {number}", "its user may open it again", number, (nint)process.User.Uid, -1)
                .Tolerate([Errno.EINVAL, Errno.EPERM, Errno.EROFS]);
        }
    }

    private void DieWithParent() =>
        plan.Call(SystemCall.Prctl, "prctl PR_SET_PDEATHSIG", "SIGKILL", "dies with the process that starts it", PrSetPdeathsig, SigKill);
}
