using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.RuntimeCli.Commands;

/// <summary>kill: sends a signal.</summary>
internal sealed class KillCommand : Command
{
    private readonly Switch _all;

    public KillCommand() => _all = Flags.Switch("all", 'a', "send the specified signal to all processes inside the container");

    public override string Usage => "[command options] <container-id> [signal]";

    public override int Least => 1;

    public override int Most => 2;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Find(arguments[0]);
        var text = arguments.Count > 1 ? arguments[1] : "SIGTERM";

        // No signal, 0, asks whether there is somebody to take one (kill(2)).
        var signal = text == "0" ? 0 : SignalNames.TryParse(text) ?? throw SampanException.InvalidArgument($"unknown signal \"{text}\"");
        if (!_all.Value)
        {
            container.Signal(signal);
            return 0;
        }

        // Also of a stopped container: engines end what its first process left behind in a shared pid namespace.
        container.SignalAll(signal);
        return 0;
    }
}
