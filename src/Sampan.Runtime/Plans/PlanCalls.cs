using System.Runtime.InteropServices;
using Sampan.Linux.Interop;

namespace Sampan.Runtime.Plans;

/// <summary>
/// The system call numbers that macro-steps use, looked up in the parent: <see cref="SystemCall"/> asks for the architecture, which is
/// managed code and thus out of bounds in the child.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PlanCalls
{
    public nint Clone;
    public nint Close;
    public nint CloseRange;
    public nint Execve;
    public nint ExitGroup;
    public nint FaccessAt2;
    public nint Fchdir;
    public nint GetPid;
    public nint Ioctl;
    public nint Kill;
    public nint MkdirAt;
    public nint MoveMount;
    public nint OpenAt;
    public nint OpenAt2;
    public nint OpenTree;
    public nint Prctl;
    public nint Read;
    public nint RtSigaction;
    public nint RtSigprocmask;
    public nint RtSigtimedwait;
    public nint SendMsg;
    public nint SetPgid;
    public nint SocketPair;
    public nint Statx;
    public nint FchmodAt;
    public nint FchownAt;
    public nint GetDents;
    public nint GetPpid;
    public nint MknodAt;
    public nint MountSetattr;
    public nint Ppoll;
    public nint ReadlinkAt;
    public nint Sendfile;
    public nint SymlinkAt;
    public nint Umount2;
    public nint UnlinkAt;
    public nint UtimensAt;
    public nint Write;
    public nint Wait4;

    /// <summary>O_DIRECTORY as this architecture spells it.</summary>
    public nint DirectoryFlag;

    /// <summary>O_NOFOLLOW as this architecture spells it.</summary>
    public nint NoFollowFlag;

    public static PlanCalls ForThisArchitecture() => new()
    {
        Clone = SystemCall.Clone,
        Close = SystemCall.Close,
        CloseRange = SystemCall.CloseRange,
        Execve = SystemCall.Execve,
        ExitGroup = SystemCall.ExitGroup,
        FaccessAt2 = SystemCall.FaccessAt2,
        Fchdir = SystemCall.Fchdir,
        GetPid = SystemCall.Getpid,
        Ioctl = SystemCall.Ioctl,
        Kill = SystemCall.Kill,
        MkdirAt = SystemCall.MkdirAt,
        MoveMount = SystemCall.MoveMount,
        OpenAt = SystemCall.OpenAt,
        OpenAt2 = SystemCall.OpenAt2,
        OpenTree = SystemCall.OpenTree,
        Prctl = SystemCall.Prctl,
        Read = SystemCall.Read,
        RtSigaction = SystemCall.RtSigaction,
        RtSigprocmask = SystemCall.RtSigprocmask,
        RtSigtimedwait = SystemCall.RtSigtimedwait,
        SendMsg = SystemCall.Sendmsg,
        SetPgid = SystemCall.Setpgid,
        SocketPair = SystemCall.Socketpair,
        Statx = SystemCall.Statx,
        FchmodAt = SystemCall.FchmodAt,
        FchownAt = SystemCall.FchownAt,
        GetDents = SystemCall.Getdents64,
        GetPpid = SystemCall.Getppid,
        MknodAt = SystemCall.MknodAt,
        MountSetattr = SystemCall.MountSetattr,
        Ppoll = SystemCall.Ppoll,
        ReadlinkAt = SystemCall.ReadlinkAt,
        Sendfile = SystemCall.Sendfile,
        SymlinkAt = SystemCall.SymlinkAt,
        Umount2 = SystemCall.Umount2,
        UnlinkAt = SystemCall.UnlinkAt,
        UtimensAt = SystemCall.UtimensAt,
        Write = SystemCall.Write,
        Wait4 = SystemCall.Wait4,
        DirectoryFlag = Sampan.Linux.Files.OpenFlagBits.ToKernel(Sampan.Linux.Files.OpenFlags.Directory),
        NoFollowFlag = Sampan.Linux.Files.OpenFlagBits.ToKernel(Sampan.Linux.Files.OpenFlags.NoFollow),
    };
}
