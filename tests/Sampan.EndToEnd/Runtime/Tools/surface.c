// surface: makes system calls a container must not get through to, and prints each with the number of its error.
// The arguments are such that the kernel itself would refuse with another error than EPERM and ENOSYS, or do something harmless.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void attempt(const char *name, long number, long a, long b, long c, long d, long e)
{
    errno = 0;
    long result = syscall(number, a, b, c, d, e, 0L);
    printf("%s %d\n", name, result < 0 ? errno : 0);
    fflush(stdout);
}

#define TRY(name, a, b, c, d, e) attempt(#name, SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))

static void family(int number)
{
    errno = 0;
    int result = socket(number, SOCK_STREAM, 0);
    if (result < 0 && (errno == ESOCKTNOSUPPORT || errno == EPROTONOSUPPORT))
        result = socket(number, SOCK_SEQPACKET, 0);
    printf("family:%d %d\n", number, result < 0 ? errno : 0);
    fflush(stdout);
}

int main(void)
{
    static char zeros[4096];
    TRY(acct, 1, 0, 0, 0, 0);
    TRY(add_key, 1, 0, 0, 0, 0);
    TRY(bpf, 99, zeros, 8, 0, 0);
    TRY(clock_adjtime, 0, 1, 0, 0, 0);
    TRY(clock_settime, 0, 1, 0, 0, 0);
    TRY(delete_module, 1, 0, 0, 0, 0);
    TRY(fanotify_init, -1, 0, 0, 0, 0);
    TRY(finit_module, -1, zeros, 0, 0, 0);
    TRY(fsconfig, -1, 0, 0, 0, 0);
    TRY(fsmount, -1, 0, 0, 0, 0);
    TRY(fsopen, 1, 0, 0, 0, 0);
    TRY(fspick, -1, 1, 0, 0, 0);
    TRY(get_mempolicy, 0, 0, 0, 0, -1);
    TRY(init_module, 1, 1, 1, 0, 0);
    TRY(io_uring_enter, -1, 0, 0, 0, 0);
    TRY(io_uring_register, -1, 0, 0, 0, 0);
    TRY(io_uring_setup, 0, 1, 0, 0, 0);
    TRY(kcmp, -1, -1, 0, 0, 0);
    TRY(kexec_file_load, -1, -1, 0, zeros, 0);
    TRY(kexec_load, 0, -1, 1, 0, 0);
    TRY(keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0, 0, 0);
    TRY(lookup_dcookie, 0, 1, 0, 0, 0);
    TRY(mbind, 1, 1, 9999, 0, 0);
    TRY(migrate_pages, -1, 1, 1, 1, 0);
    TRY(mount, 1, 1, 0, 0, 0);
    TRY(mount_setattr, -1, 1, 0, 0, 0);
    TRY(move_mount, -1, 1, -1, 1, 0);
    TRY(move_pages, -1, 1, 1, 0, 0);
    TRY(name_to_handle_at, -1, 1, 1, 1, 0);
    TRY(open_by_handle_at, -1, 1, 0, 0, 0);
    TRY(open_tree, -1, 1, -1, 0, 0);
    TRY(perf_event_open, 1, 0, 0, -1, 0);
    TRY(pivot_root, 1, 1, 0, 0, 0);
    TRY(process_madvise, -1, 0, 0, 0, 0);
    TRY(quotactl, -1, 1, 0, 0, 0);
    TRY(reboot, 0, 0, 0, 0, 0);
    TRY(request_key, 1, 0, 0, 0, 0);
    TRY(set_mempolicy, 9999, 0, 0, 0, 0);
    TRY(setdomainname, 1, 99999, 0, 0, 0);
    TRY(sethostname, 1, 99999, 0, 0, 0);
    TRY(setns, -1, 0, 0, 0, 0);
    TRY(settimeofday, 1, 0, 0, 0, 0);
    TRY(swapoff, 1, 0, 0, 0, 0);
    TRY(swapon, 1, 0, 0, 0, 0);
    TRY(syslog, 2, 0, -1, 0, 0);
    TRY(umount2, 1, 0, 0, 0, 0);
    TRY(unshare, 0, 0, 0, 0, 0);
    TRY(userfaultfd, -1, 0, 0, 0, 0);
    TRY(vhangup, 0, 0, 0, 0, 0);
#ifdef SYS_iopl
    TRY(ioperm, -1, -1, 0, 0, 0);
    TRY(iopl, 9, 0, 0, 0, 0);
    TRY(uselib, 1, 0, 0, 0, 0);
    TRY(ustat, -1, 1, 0, 0, 0);
    TRY(sysfs, 9, 0, 0, 0, 0);
    TRY(create_module, 1, 0, 0, 0, 0);
    TRY(modify_ldt, 9, 0, 0, 0, 0);
#endif
    attempt("clone:newuser", SYS_clone, CLONE_NEWUSER | CLONE_THREAD, 0, 0, 0, 0);
    attempt("clone:newns", SYS_clone, CLONE_NEWNS | CLONE_FS, 0, 0, 0, 0);
    attempt("clone3", SYS_clone3, 0, 0, 0, 0, 0);
    attempt("personality:odd", SYS_personality, 0x12345678, 0, 0, 0, 0);
    attempt("ptrace:traceme", SYS_ptrace, 0, 0, 0, 0, 0);
    attempt("getpid", SYS_getpid, 0, 0, 0, 0, 0);
    attempt("future", 1000, 0, 0, 0, 0, 0);
    family(38);
    family(40);
    family(2);
    return 0;
}
