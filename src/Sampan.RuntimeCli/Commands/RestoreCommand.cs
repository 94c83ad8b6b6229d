using Sampan.Flags;
using Sampan.Runtime.Checkpoints;
using Sampan.Runtime.Containers;

namespace Sampan.RuntimeCli.Commands;

/// <summary>restore: makes a container of a checkpoint's images, by criu, and unless it is detached waits for its end and deletes it.</summary>
internal sealed class RestoreCommand : Command
{
    private readonly CriuFlags _criu;
    private readonly ValueFlag<string> _bundle;
    private readonly ValueFlag<string> _consoleSocket;
    private readonly ValueFlag<string> _pidFile;
    private readonly Switch _noPivot;
    private readonly Switch _detach;
    private readonly Switch _noSubreaper;
    private readonly ValueFlag<string> _lsmProfile;
    private readonly ValueFlag<string> _lsmMountContext;

    public RestoreCommand()
    {
        _criu = new(Flags);
        _bundle = Flags.Text("bundle", 'b', "path to the root of the bundle directory, defaults to the current directory");
        _consoleSocket = Flags.Text("console-socket", '\0', "path to an AF_UNIX socket which will receive a file descriptor referencing the master end of the console's pseudoterminal");
        _detach = Flags.Switch("detach", 'd', "detach from the container's process");
        _pidFile = Flags.Text("pid-file", '\0', "specify the file to write the process id to");
        _noSubreaper = Flags.Switch("no-subreaper", '\0', "disable the use of the subreaper used to reap reparented processes");
        _noPivot = Flags.Switch("no-pivot", '\0', "give criu a root it can pivot from.  This should be used whenever the host's root is a ramdisk");
        _lsmProfile = Flags.Text("lsm-profile", '\0', "Specify an LSM profile to be used during restore in the form of TYPE:NAME.");
        _lsmMountContext = Flags.Text("lsm-mount-context", '\0', "Specify an LSM mount context to be used during restore.");
    }

    public override string Usage => "[command options] <container-id>";

    public override int Least => 1;

    public override string Failure => "restore";

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = new CreateOptions
        {
            Root = session.Options.Root,
            Id = arguments[0],
            Bundle = Path.GetFullPath(_bundle.Value.Length > 0 ? _bundle.Value : "."),
            ConsoleSocket = _consoleSocket.Value.Length > 0 ? _consoleSocket.Value : null,
            PidFile = _pidFile.Value.Length > 0 ? Path.GetFullPath(_pidFile.Value) : null,
            Pivot = !_noPivot.Value,
            Systemd = session.Options.SystemdCgroup,
            Rootless = session.Options.Rootless,
            Warn = session.Warn,
        };
        var options = new RestoreOptions(_criu.Read(session))
        {
            LsmProfile = _lsmProfile.Value.Length > 0 ? _lsmProfile.Value : null,
            LsmMountContext = _lsmMountContext.Value.Length > 0 ? _lsmMountContext.Value : null,
        };
        return new StartedContainer(session) { Detach = _detach.Value, Subreaper = !_noSubreaper.Value }.Run(container, creation => creation.Restore(options));
    }
}
