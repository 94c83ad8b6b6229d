using System.Runtime.InteropServices;

namespace Sampan.Linux.Interop;

/// <summary>
/// System call numbers of the running architecture: asm/unistd_64.h for x86-64, asm-generic/unistd.h for AArch64 (syscalls(2)).
/// </summary>
public static class SystemCall
{
    private static bool Arm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>accept4(2).</summary>
    public static nint Accept4 => Arm64 ? 242 : 288;

    /// <summary>bind(2).</summary>
    public static nint Bind => Arm64 ? 200 : 49;

    /// <summary>bpf(2).</summary>
    public static nint Bpf => Arm64 ? 280 : 321;

    /// <summary>capget(2).</summary>
    public static nint Capget => Arm64 ? 90 : 125;

    /// <summary>capset(2).</summary>
    public static nint Capset => Arm64 ? 91 : 126;

    /// <summary>chdir(2).</summary>
    public static nint Chdir => Arm64 ? 49 : 80;

    /// <summary>chroot(2).</summary>
    public static nint Chroot => Arm64 ? 51 : 161;

    /// <summary>clone(2).</summary>
    public static nint Clone => Arm64 ? 220 : 56;

    /// <summary>clone3(2).</summary>
    public static nint Clone3 => 435;

    /// <summary>close(2).</summary>
    public static nint Close => Arm64 ? 57 : 3;

    /// <summary>close_range(2).</summary>
    public static nint CloseRange => 436;

    /// <summary>connect(2).</summary>
    public static nint Connect => Arm64 ? 203 : 42;

    /// <summary>copy_file_range(2).</summary>
    public static nint CopyFileRange => Arm64 ? 285 : 326;

    /// <summary>dup(2).</summary>
    public static nint Dup => Arm64 ? 23 : 32;

    /// <summary>dup3(2).</summary>
    public static nint Dup3 => Arm64 ? 24 : 292;

    /// <summary>epoll_create1(2).</summary>
    public static nint EpollCreate1 => Arm64 ? 20 : 291;

    /// <summary>epoll_ctl(2).</summary>
    public static nint EpollCtl => Arm64 ? 21 : 233;

    /// <summary>epoll_pwait(2).</summary>
    public static nint EpollPwait => Arm64 ? 22 : 281;

    /// <summary>eventfd2(2).</summary>
    public static nint Eventfd2 => Arm64 ? 19 : 290;

    /// <summary>execve(2).</summary>
    public static nint Execve => Arm64 ? 221 : 59;

    /// <summary>execveat(2).</summary>
    public static nint ExecveAt => Arm64 ? 281 : 322;

    /// <summary>exit(2).</summary>
    public static nint Exit => Arm64 ? 93 : 60;

    /// <summary>exit_group(2).</summary>
    public static nint ExitGroup => Arm64 ? 94 : 231;

    /// <summary>faccessat2(2).</summary>
    public static nint FaccessAt2 => 439;

    /// <summary>fallocate(2).</summary>
    public static nint Fallocate => Arm64 ? 47 : 285;

    /// <summary>fchdir(2).</summary>
    public static nint Fchdir => Arm64 ? 50 : 81;

    /// <summary>fchmod(2).</summary>
    public static nint Fchmod => Arm64 ? 52 : 91;

    /// <summary>fchmodat(2).</summary>
    public static nint FchmodAt => Arm64 ? 53 : 268;

    /// <summary>fchown(2).</summary>
    public static nint Fchown => Arm64 ? 55 : 93;

    /// <summary>fchownat(2).</summary>
    public static nint FchownAt => Arm64 ? 54 : 260;

    /// <summary>fcntl(2).</summary>
    public static nint Fcntl => Arm64 ? 25 : 72;

    /// <summary>fdatasync(2).</summary>
    public static nint Fdatasync => Arm64 ? 83 : 75;

    /// <summary>fgetxattr(2).</summary>
    public static nint Fgetxattr => Arm64 ? 10 : 193;

    /// <summary>flistxattr(2).</summary>
    public static nint Flistxattr => Arm64 ? 13 : 196;

    /// <summary>flock(2).</summary>
    public static nint Flock => Arm64 ? 32 : 73;

    /// <summary>fremovexattr(2).</summary>
    public static nint Fremovexattr => Arm64 ? 16 : 199;

    /// <summary>fsconfig(2).</summary>
    public static nint Fsconfig => 431;

    /// <summary>fsetxattr(2).</summary>
    public static nint Fsetxattr => Arm64 ? 7 : 190;

    /// <summary>fsmount(2).</summary>
    public static nint Fsmount => 432;

    /// <summary>fsopen(2).</summary>
    public static nint Fsopen => 430;

    /// <summary>fspick(2).</summary>
    public static nint Fspick => 433;

    /// <summary>fstatfs(2).</summary>
    public static nint Fstatfs => Arm64 ? 44 : 138;

    /// <summary>fsync(2).</summary>
    public static nint Fsync => Arm64 ? 82 : 74;

    /// <summary>ftruncate(2).</summary>
    public static nint Ftruncate => Arm64 ? 46 : 77;

    /// <summary>getcwd(2).</summary>
    public static nint Getcwd => Arm64 ? 17 : 79;

    /// <summary>getdents64(2).</summary>
    public static nint Getdents64 => Arm64 ? 61 : 217;

    /// <summary>getpid(2).</summary>
    public static nint Getpid => Arm64 ? 172 : 39;

    /// <summary>getppid(2).</summary>
    public static nint Getppid => Arm64 ? 173 : 110;

    /// <summary>getrandom(2).</summary>
    public static nint Getrandom => Arm64 ? 278 : 318;

    /// <summary>getrlimit(2).</summary>
    public static nint Getrlimit => Arm64 ? 163 : 97;

    /// <summary>getsockname(2).</summary>
    public static nint Getsockname => Arm64 ? 204 : 51;

    /// <summary>getsockopt(2).</summary>
    public static nint Getsockopt => Arm64 ? 209 : 55;

    /// <summary>gettid(2).</summary>
    public static nint Gettid => Arm64 ? 178 : 186;

    /// <summary>geteuid(2).</summary>
    public static nint Geteuid => Arm64 ? 175 : 107;

    /// <summary>getuid(2).</summary>
    public static nint Getuid => Arm64 ? 174 : 102;

    /// <summary>getxattr(2).</summary>
    public static nint Getxattr => Arm64 ? 8 : 191;

    /// <summary>inotify_add_watch(2).</summary>
    public static nint InotifyAddWatch => Arm64 ? 27 : 254;

    /// <summary>inotify_init1(2).</summary>
    public static nint InotifyInit1 => Arm64 ? 26 : 294;

    /// <summary>inotify_rm_watch(2).</summary>
    public static nint InotifyRmWatch => Arm64 ? 28 : 255;

    /// <summary>ioctl(2).</summary>
    public static nint Ioctl => Arm64 ? 29 : 16;

    /// <summary>ioprio_set(2).</summary>
    public static nint IoprioSet => Arm64 ? 30 : 251;

    /// <summary>keyctl(2).</summary>
    public static nint Keyctl => Arm64 ? 219 : 250;

    /// <summary>kill(2).</summary>
    public static nint Kill => Arm64 ? 129 : 62;

    /// <summary>lgetxattr(2).</summary>
    public static nint Lgetxattr => Arm64 ? 9 : 192;

    /// <summary>linkat(2).</summary>
    public static nint LinkAt => Arm64 ? 37 : 265;

    /// <summary>listen(2).</summary>
    public static nint Listen => Arm64 ? 201 : 50;

    /// <summary>listxattr(2).</summary>
    public static nint Listxattr => Arm64 ? 11 : 194;

    /// <summary>llistxattr(2).</summary>
    public static nint Llistxattr => Arm64 ? 12 : 195;

    /// <summary>lseek(2).</summary>
    public static nint Lseek => Arm64 ? 62 : 8;

    /// <summary>lsetxattr(2).</summary>
    public static nint Lsetxattr => Arm64 ? 6 : 189;

    /// <summary>madvise(2).</summary>
    public static nint Madvise => Arm64 ? 233 : 28;

    /// <summary>memfd_create(2).</summary>
    public static nint MemfdCreate => Arm64 ? 279 : 319;

    /// <summary>mkdirat(2).</summary>
    public static nint MkdirAt => Arm64 ? 34 : 258;

    /// <summary>mknodat(2).</summary>
    public static nint MknodAt => Arm64 ? 33 : 259;

    /// <summary>mmap(2).</summary>
    public static nint Mmap => Arm64 ? 222 : 9;

    /// <summary>mount(2).</summary>
    public static nint Mount => Arm64 ? 40 : 165;

    /// <summary>mount_setattr(2).</summary>
    public static nint MountSetattr => 442;

    /// <summary>move_mount(2).</summary>
    public static nint MoveMount => 429;

    /// <summary>munmap(2).</summary>
    public static nint Munmap => Arm64 ? 215 : 11;

    /// <summary>nanosleep(2).</summary>
    public static nint Nanosleep => Arm64 ? 101 : 35;

    /// <summary>newfstatat(2).</summary>
    public static nint NewFstatAt => Arm64 ? 79 : 262;

    /// <summary>open_tree(2).</summary>
    public static nint OpenTree => 428;

    /// <summary>name_to_handle_at(2).</summary>
    public static nint NameToHandleAt => Arm64 ? 264 : 303;

    /// <summary>openat(2).</summary>
    public static nint OpenAt => Arm64 ? 56 : 257;

    /// <summary>openat2(2).</summary>
    public static nint OpenAt2 => 437;

    /// <summary>personality(2).</summary>
    public static nint Personality => Arm64 ? 92 : 135;

    /// <summary>pidfd_getfd(2).</summary>
    public static nint PidfdGetfd => 438;

    /// <summary>pidfd_open(2).</summary>
    public static nint PidfdOpen => 434;

    /// <summary>pidfd_send_signal(2).</summary>
    public static nint PidfdSendSignal => 424;

    /// <summary>pipe2(2).</summary>
    public static nint Pipe2 => Arm64 ? 59 : 293;

    /// <summary>pivot_root(2).</summary>
    public static nint PivotRoot => Arm64 ? 41 : 155;

    /// <summary>ppoll(2).</summary>
    public static nint Ppoll => Arm64 ? 73 : 271;

    /// <summary>prctl(2).</summary>
    public static nint Prctl => Arm64 ? 167 : 157;

    /// <summary>pread64(2).</summary>
    public static nint Pread64 => Arm64 ? 67 : 17;

    /// <summary>prlimit64(2).</summary>
    public static nint Prlimit64 => Arm64 ? 261 : 302;

    /// <summary>pwrite64(2).</summary>
    public static nint Pwrite64 => Arm64 ? 68 : 18;

    /// <summary>quotactl_fd(2), Linux 5.14.</summary>
    public static nint QuotactlFd => 443;

    /// <summary>read(2).</summary>
    public static nint Read => Arm64 ? 63 : 0;

    /// <summary>readlinkat(2).</summary>
    public static nint ReadlinkAt => Arm64 ? 78 : 267;

    /// <summary>readv(2).</summary>
    public static nint Readv => Arm64 ? 65 : 19;

    /// <summary>recvfrom(2).</summary>
    public static nint Recvfrom => Arm64 ? 207 : 45;

    /// <summary>recvmmsg(2).</summary>
    public static nint Recvmmsg => Arm64 ? 243 : 299;

    /// <summary>recvmsg(2).</summary>
    public static nint Recvmsg => Arm64 ? 212 : 47;

    /// <summary>renameat2(2).</summary>
    public static nint RenameAt2 => Arm64 ? 276 : 316;

    /// <summary>rt_sigaction(2).</summary>
    public static nint RtSigaction => Arm64 ? 134 : 13;

    /// <summary>rt_sigprocmask(2).</summary>
    public static nint RtSigprocmask => Arm64 ? 135 : 14;

    /// <summary>rt_sigtimedwait(2).</summary>
    public static nint RtSigtimedwait => Arm64 ? 137 : 128;

    /// <summary>sched_setaffinity(2).</summary>
    public static nint SchedSetaffinity => Arm64 ? 122 : 203;

    /// <summary>sched_setattr(2).</summary>
    public static nint SchedSetattr => Arm64 ? 274 : 314;

    /// <summary>seccomp(2).</summary>
    public static nint Seccomp => Arm64 ? 277 : 317;

    /// <summary>sendfile(2).</summary>
    public static nint Sendfile => Arm64 ? 71 : 40;

    /// <summary>sendmmsg(2).</summary>
    public static nint Sendmmsg => Arm64 ? 269 : 307;

    /// <summary>sendmsg(2).</summary>
    public static nint Sendmsg => Arm64 ? 211 : 46;

    /// <summary>setdomainname(2).</summary>
    public static nint SetDomainname => Arm64 ? 162 : 171;

    /// <summary>setgid(2).</summary>
    public static nint Setgid => Arm64 ? 144 : 106;

    /// <summary>setgroups(2).</summary>
    public static nint Setgroups => Arm64 ? 159 : 116;

    /// <summary>sethostname(2).</summary>
    public static nint SetHostname => Arm64 ? 161 : 170;

    /// <summary>set_mempolicy(2).</summary>
    public static nint SetMempolicy => Arm64 ? 237 : 238;

    /// <summary>setns(2).</summary>
    public static nint SetNs => Arm64 ? 268 : 308;

    /// <summary>setpgid(2).</summary>
    public static nint Setpgid => Arm64 ? 154 : 109;

    /// <summary>setpriority(2).</summary>
    public static nint Setpriority => Arm64 ? 140 : 141;

    /// <summary>setresgid(2).</summary>
    public static nint Setresgid => Arm64 ? 149 : 119;

    /// <summary>setresuid(2).</summary>
    public static nint Setresuid => Arm64 ? 147 : 117;

    /// <summary>setsid(2).</summary>
    public static nint Setsid => Arm64 ? 157 : 112;

    /// <summary>setsockopt(2).</summary>
    public static nint Setsockopt => Arm64 ? 208 : 54;

    /// <summary>setuid(2).</summary>
    public static nint Setuid => Arm64 ? 146 : 105;

    /// <summary>setxattr(2).</summary>
    public static nint Setxattr => Arm64 ? 5 : 188;

    /// <summary>shutdown(2).</summary>
    public static nint Shutdown => Arm64 ? 210 : 48;

    /// <summary>signalfd4(2).</summary>
    public static nint Signalfd4 => Arm64 ? 74 : 289;

    /// <summary>socket(2).</summary>
    public static nint Socket => Arm64 ? 198 : 41;

    /// <summary>socketpair(2).</summary>
    public static nint Socketpair => Arm64 ? 199 : 53;

    /// <summary>splice(2).</summary>
    public static nint Splice => Arm64 ? 76 : 275;

    /// <summary>statfs(2).</summary>
    public static nint Statfs => Arm64 ? 43 : 137;

    /// <summary>statx(2).</summary>
    public static nint Statx => Arm64 ? 291 : 332;

    /// <summary>symlinkat(2).</summary>
    public static nint SymlinkAt => Arm64 ? 36 : 266;

    /// <summary>sync(2).</summary>
    public static nint Sync => Arm64 ? 81 : 162;

    /// <summary>tee(2).</summary>
    public static nint Tee => Arm64 ? 77 : 276;

    /// <summary>tgkill(2).</summary>
    public static nint Tgkill => Arm64 ? 131 : 234;

    /// <summary>timerfd_create(2).</summary>
    public static nint TimerfdCreate => Arm64 ? 85 : 283;

    /// <summary>timerfd_settime(2).</summary>
    public static nint TimerfdSettime => Arm64 ? 86 : 286;

    /// <summary>umask(2).</summary>
    public static nint Umask => Arm64 ? 166 : 95;

    /// <summary>umount2(2).</summary>
    public static nint Umount2 => Arm64 ? 39 : 166;

    /// <summary>unlinkat(2).</summary>
    public static nint UnlinkAt => Arm64 ? 35 : 263;

    /// <summary>unshare(2).</summary>
    public static nint Unshare => Arm64 ? 97 : 272;

    /// <summary>utimensat(2).</summary>
    public static nint UtimensAt => Arm64 ? 88 : 280;

    /// <summary>wait4(2).</summary>
    public static nint Wait4 => Arm64 ? 260 : 61;

    /// <summary>waitid(2).</summary>
    public static nint Waitid => Arm64 ? 95 : 247;

    /// <summary>write(2).</summary>
    public static nint Write => Arm64 ? 64 : 1;

    /// <summary>writev(2).</summary>
    public static nint Writev => Arm64 ? 66 : 20;
}
