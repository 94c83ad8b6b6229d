using Sampan.Engine;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Host;

/// <summary>sampan monitor: the hidden verb run and start call. Nothing may be printed and no thread may be made in it.</summary>
internal sealed class MonitorCommand : Command
{
    // Where the caller puts it (MonitorLauncher).
    private const int StartDescriptor = 3;

    private readonly ValueFlag<string> _root;
    private readonly ValueFlag<string> _state;

    /// <summary>Declares the flags.</summary>
    public MonitorCommand()
    {
        _root = Flags.Text("root", '\0', "Directory of images, containers and volumes", EnginePaths.Default.Root);
        _state = Flags.Text("state", '\0', "Directory of sockets", EnginePaths.Default.State);
    }

    /// <inheritdoc/>
    public override string Usage => "--root DIR --state DIR ID";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments) =>
        Engine.Monitors.Monitor.Run(new(_root.Value, _state.Value), arguments[0], StartDescriptor);
}
