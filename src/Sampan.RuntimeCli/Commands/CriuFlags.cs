using Sampan.Flags;
using Sampan.Linux;
using Sampan.Runtime.Checkpoints;

namespace Sampan.RuntimeCli.Commands;

/// <summary>The flags checkpoint and restore share.</summary>
internal sealed class CriuFlags
{
    private readonly ValueFlag<string> _imagePath;
    private readonly ValueFlag<string> _workPath;
    private readonly Switch _tcpEstablished;
    private readonly Switch _externalUnixSockets;
    private readonly Switch _shellJob;
    private readonly Switch _fileLocks;
    private readonly ValueFlag<string> _cgroupsMode;
    private readonly Switch _autoDedup;
    private readonly Switch _lazyPages;

    public CriuFlags(FlagSet flags)
    {
        _imagePath = flags.Text("image-path", '\0', "directory of the criu image files (default: checkpoint in the current directory)");
        _workPath = flags.Text("work-path", '\0', "directory for work files and logs (default: that of the images)");
        _tcpEstablished = flags.Switch("tcp-established", '\0', "allow open tcp connections");
        _externalUnixSockets = flags.Switch("ext-unix-sk", '\0', "allow external unix sockets");
        _shellJob = flags.Switch("shell-job", '\0', "allow shell jobs");
        _fileLocks = flags.Switch("file-locks", '\0', "handle file locks, for safety");
        _cgroupsMode = flags.Text("manage-cgroups-mode", '\0', "cgroups mode: 'soft' (default), 'full', 'strict' and 'ignore'");

        // Checked, and nothing more: what it asks for is so without it.
        flags.List("empty-ns", '\0', "create a namespace, but don't restore its properties: network, which is always so, its devices being the engine's", check: CheckNamespace);

        _autoDedup = flags.Switch("auto-dedup", '\0', "enable auto deduplication of memory images");
        _lazyPages = flags.Switch("lazy-pages", '\0', "use userfaultfd to lazily restore memory pages");
    }

    public CriuSettings Read(Session session) => new()
    {
        Program = session.Options.Criu,
        ImagePath = Path.GetFullPath(_imagePath.Value.Length > 0 ? _imagePath.Value : "checkpoint"),
        WorkPath = _workPath.Value.Length > 0 ? Path.GetFullPath(_workPath.Value) : null,
        TcpEstablished = _tcpEstablished.Value,
        ExternalUnixSockets = _externalUnixSockets.Value,
        ShellJob = _shellJob.Value,
        FileLocks = _fileLocks.Value,
        AutoDedup = _autoDedup.Value,
        LazyPages = _lazyPages.Value,
        CgroupMode = _cgroupsMode.Value switch
        {
            "" => null,
            "soft" => CriuCgroupMode.Soft,
            "full" => CriuCgroupMode.Full,
            "strict" => CriuCgroupMode.Strict,
            "ignore" => CriuCgroupMode.Ignore,
            _ => throw SampanException.InvalidArgument("Invalid manage-cgroups-mode value: use soft, full, strict or ignore"),
        },
    };

    private static string CheckNamespace(string name) => name == "network" ? name : throw new ValueException($"namespace \"{name}\" is not supported: network is");
}
