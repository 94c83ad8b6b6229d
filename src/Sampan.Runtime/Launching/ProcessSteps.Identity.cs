using System.Globalization;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;
using Sampan.Runtime.Seccomp;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class ProcessSteps
{
    /// <summary>What the step that waits at the gate calls it.</summary>
    public const string GateName = "start.fifo";

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const uint DefaultUmask = 0x12;
    private const int PrSetKeepCaps = 8;
    private const int PrSetNoNewPrivs = 38;
    private const int KeyctlJoinSessionKeyring = 1;
    private const int SeccompSetModeFilter = 1;
    private const int CapabilityVersion3 = 0x2008_0522;
    private const int SigSetMask = 2;
    private const int CloseRangeCloexec = 4;

    /// <summary>Paths the command is looked for at, in order.</summary>
    public IReadOnlyList<string> Candidates { get; private set; } = [];

    /// <summary>How a filter is loaded.</summary>
    public SeccompLoading Seccomp { get; init; }

    /// <summary>Where the descriptor of a filter that notifies is found, once it is loaded.</summary>
    public PlanRegister? Listener { get; private set; }

    /// <summary>The process is in a user namespace, where setgroups(2) may be denied for good (user_namespaces(7)).</summary>
    public bool InUserNamespace { get; init; }

    public void SetLimits()
    {
        foreach (var limit in process.Rlimits ?? [])
        {
            // struct rlimit64: soft, hard (prlimit(2)).
            var values = (ulong*)plan.Arena.Allocate(16);
            values[0] = limit.Soft;
            values[1] = limit.Hard;
            plan.Call(
                SystemCall.Prlimit64, "prlimit64", $"{limit.Type} {Limit(limit.Soft)}:{Limit(limit.Hard)}", "resource limit",
                0, RlimitNames.Number(limit.Type), (nint)values, 0);
        }
    }

    /// <summary>
    /// By descriptor, beneath the root, magic links refused: a working directory of /proc/self/fd/N would otherwise lead out through any
    /// descriptor still open (CVE-2024-21626).
    /// </summary>
    public void EnterWorkingDirectory()
    {
        if (!process.Cwd.StartsWith('/'))
        {
            throw SampanException.InvalidArgument($"working directory \"{process.Cwd}\" is not absolute: begin it with /");
        }

        var root = plan.Call(SystemCall.OpenAt, "openat", "/", "the container's root", -100, plan.Arena.Text("/"), PathDirectory).ToRegister();
        var directory = plan.Call(
            SystemCall.OpenAt2, "openat2", process.Cwd, "working directory", root, plan.Arena.Text(process.Cwd), OpenHow(PathDirectory), OpenHowSize).ToRegister();
        plan.Call(SystemCall.Fchdir, "fchdir", process.Cwd, "working directory", directory);
        Close(directory, "directory");
        Close(root, "root");
    }

    /// <summary>User, groups, capabilities, no_new_privs and seccomp, in the one order that works for all of them (runc keeps the same).</summary>
    public void TakeIdentity(string id, byte[]? seccompFilter, bool newKeyring = true)
    {
        if (newKeyring)
        {
            plan.Call(
                SystemCall.Keyctl, "keyctl", $"_ses.{id}", "a session keyring of its own (keyrings(7))",
                KeyctlJoinSessionKeyring, plan.Arena.Text($"_ses.{id}")).Tolerate([Errno.ENOSYS]);
        }

        if (seccompFilter is not null && !process.NoNewPrivileges)
        {
            // Without no_new_privs the filter needs CAP_SYS_ADMIN, which is about to go (seccomp(2)).
            LoadFilter(seccompFilter);
        }

        var capabilities = CapabilityBits.From(process.Capabilities, InUserNamespace ? CapabilitySet.All : CapabilitySet.Bounding(), plan.Warnings);
        plan.Macro(PlanOperation.LimitBoundingSet, "prctl PR_CAPBSET_DROP", CapabilityBits.Describe(capabilities.Bounding), "capabilities no program here can ever gain", (nint)capabilities.Bounding);
        var groups = process.User.AdditionalGids ?? [];
        var list = (uint*)plan.Arena.Allocate(Math.Max(groups.Count, 1) * sizeof(uint));
        for (var i = 0; i < groups.Count; i++)
        {
            list[i] = groups[i];
        }

        var setgroups = plan.Call(
            SystemCall.Setgroups, "setgroups", string.Join(' ', groups), "supplementary groups, all others gone (CVE-2022-36109)", groups.Count, (nint)list);
        if (InUserNamespace && groups.Count == 0)
        {
            setgroups.Tolerate([Errno.EPERM]);
        }

        plan.Call(SystemCall.Prctl, "prctl PR_SET_KEEPCAPS", "1", "capabilities are set below, not lost with uid 0", PrSetKeepCaps, 1);
        var gid = (nint)process.User.Gid;
        var uid = (nint)process.User.Uid;
        plan.Call(SystemCall.Setresgid, "setresgid", gid.ToString(CultureInfo.InvariantCulture), "group", gid, gid, gid);
        plan.Call(SystemCall.Setresuid, "setresuid", uid.ToString(CultureInfo.InvariantCulture), "user", uid, uid, uid);
        SetCapabilities(capabilities);
        plan.Macro(PlanOperation.SetAmbientSet, "prctl PR_CAP_AMBIENT", CapabilityBits.Describe(capabilities.Ambient), "capabilities that programs inherit", (nint)capabilities.Ambient);
        plan.Call(SystemCall.Umask, "umask", Convert.ToString(process.User.Umask ?? DefaultUmask, 8), "file mode mask", (nint)(process.User.Umask ?? DefaultUmask));

        // Changing credentials has cleared it (prctl(2), PR_SET_PDEATHSIG).
        DieWithParent();
    }

    /// <summary>no_new_privs, and the filter that needs it: nothing but the execution comes after.</summary>
    public void Seal(byte[]? seccompFilter)
    {
        if (process.NoNewPrivileges)
        {
            plan.Call(SystemCall.Prctl, "prctl PR_SET_NO_NEW_PRIVS", "1", "setuid programs gain nothing", PrSetNoNewPrivs, 1);
            if (seccompFilter is not null)
            {
                LoadFilter(seccompFilter);
            }
        }
    }

    /// <summary>Fails where <see cref="Execute"/> would find no command.</summary>
    public void FindCommand()
    {
        Candidates = FindCandidates();
        plan.Macro(PlanOperation.FindCommand, "execve", process.Args![0], "the command is there and may be executed", plan.Arena.TextArray(Candidates));
    }

    /// <summary>Waits for its parent's word.</summary>
    /// <param name="statusChild">The child's end of the status channel.</param>
    /// <param name="point">Where it is, if its parent wants to know.</param>
    public void Report(PlanRegister statusChild, LaunchPoint? point)
    {
        if (point is { } reached)
        {
            var what = reached == LaunchPoint.Ready ? "everything is done but the execution" : "the root is mounted, the host is still in sight";
            plan.Call(SystemCall.Write, "write", "status channel", what, statusChild, plan.Arena.Text(reached == LaunchPoint.Ready ? "r" : "n"), 1);
        }

        plan.Macro(PlanOperation.AwaitByte, "read", "status channel", "until the parent has done its part", statusChild);
    }

    /// <summary>It outlives whoever started it.</summary>
    public void OutliveParent() =>
        plan.Call(SystemCall.Prctl, "prctl PR_SET_PDEATHSIG", "0", "from here on it outlives whoever made it", PrSetPdeathsig, 0);

    /// <summary>Waits until somebody starts it.</summary>
    /// <param name="gate">A FIFO open for reading and writing, so that it never ends.</param>
    public void AwaitGate(int gate) => plan.Macro(PlanOperation.AwaitByte, "read", GateName, "until it is started", gate);

    public void Execute(bool init, int preserved = 0, string? executable = null)
    {
        var none = plan.Arena.Allocate(8);
        plan.Call(SystemCall.CloseRange, "close_range", $"{3 + preserved} and above", "no descriptor of the host gets through (CVE-2024-21626)", 3 + preserved, int.MaxValue, CloseRangeCloexec);
        plan.Call(SystemCall.RtSigprocmask, "rt_sigprocmask", "none", "signals were blocked since the clone", SigSetMask, (nint)none, 0, 8);
        if (init)
        {
            plan.Macro(PlanOperation.BecomeInit, "clone", "init", "PID 1 reaps orphans and forwards signals; the command is its child");
        }

        Candidates = executable is null ? FindCandidates() : [executable];
        var environment = process.Env ?? [];
        plan.Macro(
            PlanOperation.Execute, "execve", string.Join(' ', process.Args!), "the command takes over",
            plan.Arena.TextArray(Candidates), plan.Arena.TextArray(process.Args!), plan.Arena.TextArray(environment));
    }

    private void LoadFilter(byte[] filter)
    {
        // struct sock_fprog: length in instructions, padding, pointer (seccomp(2)).
        var program = plan.Arena.Allocate(16);
        *(ushort*)program = (ushort)(filter.Length / 8);
        *(nint*)(program + 8) = plan.Arena.Bytes(filter);
        var load = plan.Call(
            SystemCall.Seccomp, "seccomp", $"{filter.Length / 8} instructions{(Seccomp.Notifies ? ", with a listener" : "")}", "system calls outside the policy are refused",
            SeccompSetModeFilter, (nint)Seccomp.Flags, (nint)program);
        if (Seccomp.Notifies)
        {
            Listener = load.ToRegister();
            plan.Call(
                SystemCall.Write, "write", "status channel", "the parent fetches the filter's descriptor for the agent that is asked",
                _statusChild, plan.Arena.Text("s"), 1);

            // Not sooner than the agent can answer, and not over before it was fetched.
            plan.Macro(PlanOperation.AwaitByte, "read", "status channel", "until the agent has it", _statusChild);
        }
    }

    private void SetCapabilities(CapabilityBits capabilities)
    {
        // struct __user_cap_header_struct, then two of __user_cap_data_struct: effective, permitted, inheritable (capset(2)).
        var header = (int*)plan.Arena.Allocate(8);
        header[0] = CapabilityVersion3;
        var data = (uint*)plan.Arena.Allocate(24);
        data[0] = (uint)capabilities.Effective;
        data[1] = (uint)capabilities.Permitted;
        data[2] = (uint)capabilities.Inheritable;
        data[3] = (uint)(capabilities.Effective >> 32);
        data[4] = (uint)(capabilities.Permitted >> 32);
        data[5] = (uint)(capabilities.Inheritable >> 32);
        plan.Call(SystemCall.Capset, "capset", CapabilityBits.Describe(capabilities.Effective), "what it may do now", (nint)header, (nint)data);
    }

    private List<string> FindCandidates()
    {
        var command = process.Args![0];
        if (command.Length == 0)
        {
            throw SampanException.InvalidArgument("the command is an empty string: name a program");
        }

        if (command.Contains('/', StringComparison.Ordinal))
        {
            return [command];
        }

        var path = DefaultPath;
        foreach (var variable in process.Env ?? [])
        {
            if (variable.StartsWith("PATH=", StringComparison.Ordinal))
            {
                path = variable["PATH=".Length..];
            }
        }

        var candidates = new List<string>();
        foreach (var directory in path.Split(':'))
        {
            candidates.Add(directory.Length == 0 ? $"./{command}" : $"{directory}/{command}");
        }

        return candidates;
    }

    private static nint PathDirectory => 0x20_0000 | OpenCloseOnExec | Sampan.Linux.Files.OpenFlagBits.ToKernel(Sampan.Linux.Files.OpenFlags.Directory);

    private static string Limit(ulong value) => value == ulong.MaxValue ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);
}
