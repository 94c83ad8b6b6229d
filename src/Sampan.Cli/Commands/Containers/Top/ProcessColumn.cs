using System.Globalization;
using Sampan.Linux;
using Sampan.Linux.Processes;

namespace Sampan.Cli.Commands.Containers.Top;

/// <summary>A column of a process list (ps(1), "standard format specifiers").</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Text">The text for a process.</param>
internal sealed record ProcessColumn(string Heading, Func<ProcessListing, ProcessDetails, string> Text)
{
    /// <summary>The columns of ps -ef.</summary>
    public static IReadOnlyList<ProcessColumn> Full { get; } =
        [Find("user") with { Heading = "UID" }, Find("pid"), Find("ppid"), Find("c"), Find("stime"), Find("tty") with { Heading = "TTY" }, Find("time"), Find("args") with { Heading = "CMD" }];

    /// <summary>The columns of ps -e.</summary>
    public static IReadOnlyList<ProcessColumn> Short { get; } = [Find("pid"), Find("tty") with { Heading = "TTY" }, Find("time"), Find("comm") with { Heading = "CMD" }];

    /// <summary>The columns of ps ax.</summary>
    public static IReadOnlyList<ProcessColumn> Bsd { get; } =
        [Find("pid"), Find("tty") with { Heading = "TTY" }, Find("stat"), new("TIME", static (_, process) => ProcessListing.ShortCpuTime(process)), Find("args")];

    /// <summary>The columns of ps aux.</summary>
    public static IReadOnlyList<ProcessColumn> BsdUser { get; } =
    [
        Find("user"), Find("pid"), Find("%cpu"), Find("%mem"), Find("vsz"), Find("rss"), Find("tty") with { Heading = "TTY" }, Find("stat"),
        Find("stime") with { Heading = "START" }, new("TIME", static (_, process) => ProcessListing.ShortCpuTime(process)), Find("args"),
    ];

    /// <summary>A column by the name it has in ps -o.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The column.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: another name.</exception>
    public static ProcessColumn Find(string name) => name switch
    {
        "pid" or "tgid" => new("PID", static (_, process) => Number(process.Pid)),
        "ppid" => new("PPID", static (_, process) => Number(process.ParentPid)),
        "pgid" or "pgrp" => new(name.ToUpperInvariant(), static (_, process) => Number(process.Group)),
        "sid" or "sess" or "session" => new(name == "sid" ? "SID" : "SESS", static (_, process) => Number(process.Session)),
        "user" or "euser" or "uname" => new(name == "euser" ? "EUSER" : "USER", static (listing, process) => listing.User(process.UserId)),
        "uid" or "euid" => new(name.ToUpperInvariant(), static (_, process) => Number(process.UserId)),
        "group" or "egroup" => new(name.ToUpperInvariant(), static (listing, process) => listing.Group(process.GroupId)),
        "gid" or "egid" => new(name.ToUpperInvariant(), static (_, process) => Number(process.GroupId)),
        "comm" or "ucmd" or "ucomm" => new(name == "ucmd" ? "CMD" : "COMMAND", static (_, process) => process.State == 'Z' ? process.Name + " <defunct>" : process.Name),
        "args" or "cmd" or "command" => new(name == "cmd" ? "CMD" : "COMMAND", static (_, process) => ProcessListing.CommandLine(process)),
        "stat" => new("STAT", static (_, process) => ProcessListing.State(process)),
        "s" or "state" => new("S", static (_, process) => process.State.ToString()),
        "tty" or "tt" or "tname" => new(name == "tname" ? "TTY" : "TT", static (_, process) => ProcessListing.Terminal(process)),
        "time" or "cputime" => new("TIME", static (_, process) => ProcessListing.CpuTime(process)),
        "etime" => new("ELAPSED", static (listing, process) => ProcessListing.Clock(listing.Elapsed(process))),
        "etimes" => new("ELAPSED", static (listing, process) => Number(listing.Elapsed(process))),
        "stime" or "start_time" => new(name == "stime" ? "STIME" : "START", static (listing, process) => listing.Start(process)),
        "c" => new("C", static (listing, process) => Number((long)listing.CpuShare(process))),
        "pcpu" or "%cpu" => new("%CPU", static (listing, process) => Share(listing.CpuShare(process))),
        "pmem" or "%mem" => new("%MEM", static (listing, process) => Share(listing.MemoryShare(process))),
        "vsz" or "vsize" => new("VSZ", static (_, process) => Number(process.VirtualBytes / 1024)),
        "rss" or "rssize" or "rsz" => new(name == "rss" ? "RSS" : "RSZ", static (_, process) => Number(process.ResidentBytes / 1024)),
        "ni" or "nice" => new("NI", static (_, process) => Number(process.Nice)),
        "pri" => new("PRI", static (_, process) => Number(39 - process.Priority)),
        "nlwp" or "thcount" => new(name == "nlwp" ? "NLWP" : "THCNT", static (_, process) => Number(process.Threads)),
        "psr" => new("PSR", static (_, process) => Number(process.Processor)),
        _ => throw SampanException.InvalidArgument(
            $"error: unknown user-defined format specifier \"{name}\": known are pid ppid pgid sid user uid group gid comm args stat s tty time etime etimes stime c %cpu %mem vsz rss ni pri nlwp psr"),
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Share(double share) => share.ToString("0.0", CultureInfo.InvariantCulture);
}
