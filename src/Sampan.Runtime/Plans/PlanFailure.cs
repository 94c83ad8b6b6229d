using System.Runtime.InteropServices;
using System.Text;
using Sampan.Linux;

namespace Sampan.Runtime.Plans;

/// <summary>Turns the report of a plan that stopped into the error its user reads.</summary>
internal static unsafe class PlanFailure
{
    public static SampanException Describe(LaunchPlan plan)
    {
        var report = plan.Report;
        var errno = (Errno)report->FailedErrno;
        if (plan.Steps[report->FailedStep].Operation is PlanOperation.Execute or PlanOperation.FindCommand)
        {
            return DescribeCommand(plan, errno);
        }

        var text = plan.Texts[report->FailedStep];
        var cause = new LinuxException(errno, text.Call, text.Object);
        return new SampanException(
            KindOf(errno),
            $"{cause.Message}, step {report->FailedStep + 1} of {plan.UndoStart} ({text.Purpose}){WayOut(text, errno)}",
            cause);
    }

    private static ErrorKind KindOf(Errno errno) => errno switch
    {
        Errno.EPERM or Errno.EACCES => ErrorKind.Forbidden,
        Errno.ENOSPC or Errno.ENOMEM or Errno.EMFILE or Errno.ENFILE or Errno.ENOSYS => ErrorKind.Unavailable,
        _ => ErrorKind.InvalidArgument,
    };

    private static string WayOut(PlanStepText text, Errno errno) => (text.Call, errno) switch
    {
        ("prlimit64", Errno.EPERM) => ": raising a hard limit needs CAP_SYS_RESOURCE, which this host withholds; ask for no more than ulimit -H shows",
        ("write", Errno.EINVAL) when text.Object.StartsWith("/proc/sys/", StringComparison.Ordinal) => ": the kernel refuses this value",
        (_, Errno.EINVAL) when text.Call.StartsWith("fsconfig ", StringComparison.Ordinal) => ": the file system does not know this option or value",
        ("mount_setattr", Errno.EINVAL) when text.Object.EndsWith(" idmap", StringComparison.Ordinal) =>
            ": this file system or kernel cannot show files with other owners: ext4, xfs, btrfs and tmpfs of Linux 6.3 can",
        ("sched_setattr", Errno.EPERM) => ": it needs CAP_SYS_NICE, and with real-time group scheduling a cgroup with cpu.rt_runtime_us",
        ("set_mempolicy", Errno.EINVAL) => ": the host has no such memory node",
        ("openat2", Errno.EROFS) => ": the container's root is read-only and has no such path to mount on: name one that is there, or start it without --read-only",
        ("umount2", Errno.EBUSY) => ": processes in the container use it, or something is mounted below it: end those, or take it away from under them with --lazy",
        ("openat2", Errno.ESTALE) => ": something else is mounted there now: try again",
        ("mknodat", Errno.EEXIST) => ": the container has a file of that name: remove it, or give the device another path",
        (_, Errno.ENOSPC) => ": free space or inodes",
        _ => "",
    };

    /// <summary>Docker's and runc's words, which its client greps to find exit codes 126 and 127.</summary>
    private static SampanException DescribeCommand(LaunchPlan plan, Errno errno)
    {
        var report = plan.Report;
        var command = plan.Command;
        var prefix = $"exec: \"{command}\": ";
        switch ((CommandFailure)report->CommandFailure)
        {
            case CommandFailure.NotFound when command.Contains('/', StringComparison.Ordinal):
                return new(ErrorKind.CommandNotFound, $"{prefix}stat {command}: no such file or directory");
            case CommandFailure.NotFound:
                return new(ErrorKind.CommandNotFound, $"{prefix}executable file not found in $PATH");
            case CommandFailure.InterpreterMissing:
                return new(ErrorKind.CommandNotFound, $"{prefix}no such file or directory: {MissingInterpreter(plan)}");
            case CommandFailure.Denied:
                return new(
                    ErrorKind.CommandNotExecutable,
                    $"{prefix}permission denied: {Candidate(plan)} is not an executable file for this user (chmod +x), or lies on a noexec mount");
            case CommandFailure.WrongFormat:
                return new(ErrorKind.CommandNotExecutable, $"{prefix}exec format error: {WrongFormat(plan)}");
            default:
                return new(ErrorKind.CommandNotExecutable, $"{prefix}{new LinuxException(errno, "execve", Candidate(plan)).Message}");
        }
    }

    private static string Candidate(LaunchPlan plan) => plan.CommandCandidates[plan.Report->CommandCandidate];

    private static string MissingInterpreter(LaunchPlan plan)
    {
        var head = Head(plan);
        var path = Candidate(plan);
        if (head.StartsWith("#!"u8))
        {
            var end = head.IndexOf((byte)'\n');
            var line = (end < 0 ? head[2..] : head[2..end]).Trim((byte)' ');
            var interpreter = line;
            var space = interpreter.IndexOf((byte)' ');
            if (space >= 0)
            {
                interpreter = interpreter[..space];
            }

            return line.EndsWith("\r"u8)
                ? $"{path} has CRLF line ends, so its interpreter reads \"{Encoding.UTF8.GetString(interpreter.TrimEnd((byte)'\r'))}\\r\"; convert it with dos2unix"
                : $"the interpreter {Encoding.UTF8.GetString(interpreter)} of {path} is not in the image";
        }

        var loader = ElfHeader.Interpreter(head);
        return loader is null
            ? $"the loader of {path} is not in the image"
            : $"the loader {loader} of {path} is not in the image: it was built for another C library, or needs to be linked statically";
    }

    private static string WrongFormat(LaunchPlan plan)
    {
        var head = Head(plan);
        var path = Candidate(plan);
        if (ElfHeader.MachineName(head) is { } machine)
        {
            var host = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86-64";
            return machine == host ? $"{path} is a damaged {machine} binary" : $"{path} is built for {machine}, this host is {host}";
        }

        return head.IsEmpty
            ? $"{path} is empty"
            : $"{path} is neither a binary nor a script: its first line must name an interpreter, such as #!/bin/sh";
    }

    private static ReadOnlySpan<byte> Head(LaunchPlan plan) => new(plan.Report->CommandHead, plan.Report->CommandHeadLength);
}
