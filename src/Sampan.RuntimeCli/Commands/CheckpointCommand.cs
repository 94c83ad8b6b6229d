using System.Globalization;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Runtime.Checkpoints;

namespace Sampan.RuntimeCli.Commands;

/// <summary>checkpoint: writes a container to images, by criu.</summary>
internal sealed class CheckpointCommand : Command
{
    private readonly CriuFlags _criu;
    private readonly ValueFlag<string> _parentPath;
    private readonly Switch _leaveRunning;
    private readonly ValueFlag<long> _statusDescriptor;
    private readonly ValueFlag<string> _pageServer;
    private readonly Switch _preDump;

    public CheckpointCommand()
    {
        _criu = new(Flags);
        _parentPath = Flags.Text("parent-path", '\0', "path for previous criu image files in pre-dump, relative to the image path");
        _leaveRunning = Flags.Switch("leave-running", '\0', "leave the process running after checkpointing");
        _statusDescriptor = Flags.Number("status-fd", '\0', "criu writes \\0 to this FD once lazy-pages is ready", -1);
        _pageServer = Flags.Text("page-server", '\0', "ADDRESS:PORT of the page server");
        _preDump = Flags.Switch("pre-dump", '\0', "dump container's memory information only, leave the container running after this");
    }

    public override string Usage => "[command options] <container-id>";

    public override int Least => 1;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_statusDescriptor.Value is < -1 or > int.MaxValue)
        {
            throw SampanException.InvalidArgument($"invalid --status-fd argument {_statusDescriptor.Value}: give the number of an open descriptor");
        }

        session.Find(arguments[0]).Checkpoint(
            new CheckpointOptions(_criu.Read(session))
            {
                ParentPath = _parentPath.Value.Length > 0 ? _parentPath.Value : null,
                LeaveRunning = _leaveRunning.Value,
                PreDump = _preDump.Value,
                StatusDescriptor = _statusDescriptor.Value >= 0 ? (int)_statusDescriptor.Value : null,
                PageServer = ParsePageServer(_pageServer.Value),
            },
            session.Warn);
        return 0;
    }

    // [ADDRESS]:PORT is IPv6 (RFC 3986, section 3.2.2).
    private static (string Address, int Port)? ParsePageServer(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var colon = text.LastIndexOf(':');
        var address = colon > 0 ? text[..colon] : "";
        if (address.StartsWith('[') && address.EndsWith(']'))
        {
            address = address[1..^1];
        }

        if (address.Length == 0 || colon == text.Length - 1)
        {
            throw SampanException.InvalidArgument("Use --page-server ADDRESS:PORT to specify page server");
        }

        return ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (address, port)
            : throw SampanException.InvalidArgument($"Invalid port number: {text[(colon + 1)..]}");
    }
}
