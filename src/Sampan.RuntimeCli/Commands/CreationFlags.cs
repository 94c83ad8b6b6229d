using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Runtime.Containers;

namespace Sampan.RuntimeCli.Commands;

/// <summary>The flags create and run share.</summary>
internal sealed class CreationFlags
{
    private const int GetDescriptorFlags = 1;

    private readonly ValueFlag<string> _bundle;
    private readonly ValueFlag<string> _consoleSocket;
    private readonly ValueFlag<string> _pidFdSocket;
    private readonly ValueFlag<string> _pidFile;
    private readonly Switch _noPivot;
    private readonly Switch _noNewKeyring;
    private readonly ValueFlag<long> _preserve;

    public CreationFlags(FlagSet flags)
    {
        _bundle = flags.Text("bundle", 'b', "path to the root of the bundle directory, defaults to the current directory");
        _consoleSocket = flags.Text("console-socket", '\0', "path to an AF_UNIX socket which will receive a file descriptor referencing the master end of the console's pseudoterminal");
        _pidFdSocket = flags.Text("pidfd-socket", '\0', "path to an AF_UNIX socket which will receive a file descriptor referencing the init process");
        _pidFile = flags.Text("pid-file", '\0', "specify the file to write the process id to");
        _noPivot = flags.Switch("no-pivot", '\0', "do not use pivot root to jail process inside rootfs.  This should be used whenever the rootfs is on top of a ramdisk");
        _noNewKeyring = flags.Switch("no-new-keyring", '\0', "do not create a new session keyring for the container.  This will cause the container to inherit the calling processes session key");
        _preserve = flags.Number("preserve-fds", '\0', "Pass N additional file descriptors to the container (stdio + $LISTEN_FDS + N in total)");
    }

    public string ConsoleSocket => _consoleSocket.Value;

    /// <summary>A number of descriptors, which are there.</summary>
    /// <param name="flag">--preserve-fds.</param>
    /// <returns>0 to 1024.</returns>
    /// <exception cref="SampanException">It is another number, or the caller has not so many open.</exception>
    public static int Preserved(ValueFlag<long> flag)
    {
        if (flag.Value is < 0 or > 1024)
        {
            throw SampanException.InvalidArgument($"preserve-fds {flag.Value}: give 0 to 1024");
        }

        var first = 3 + ActivationSockets.Count;
        for (var index = 0; index < flag.Value; index++)
        {
            if (Kernel.Call(SystemCall.Fcntl, first + index, GetDescriptorFlags) < 0)
            {
                throw SampanException.InvalidArgument($"unable to stat preserved-fd {index} (of {flag.Value}): descriptor {first + index} is not open");
            }
        }

        return (int)flag.Value;
    }

    public CreateOptions Read(Session session, string id) => new()
    {
        Root = session.Options.Root,
        Id = id,
        Bundle = Path.GetFullPath(_bundle.Value.Length > 0 ? _bundle.Value : "."),
        ConsoleSocket = _consoleSocket.Value.Length > 0 ? _consoleSocket.Value : null,
        PidFdSocket = _pidFdSocket.Value.Length > 0 ? _pidFdSocket.Value : null,
        PidFile = _pidFile.Value.Length > 0 ? Path.GetFullPath(_pidFile.Value) : null,
        Pivot = !_noPivot.Value,
        NewKeyring = !_noNewKeyring.Value,
        Warn = session.Warn,
        Trace = session.Trace,
        Systemd = session.Options.SystemdCgroup,
        Rootless = session.Options.Rootless,
        PreservedDescriptors = Preserved(_preserve),
        ActivationSockets = ActivationSockets.Count,
    };
}
