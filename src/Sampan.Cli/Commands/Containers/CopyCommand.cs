using Sampan.Cli.Formatting;
using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Engine.Files;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan cp.</summary>
internal sealed class CopyCommand : Command
{
    private readonly Switch _archive;
    private readonly Switch _followLink;
    private readonly Switch _quiet;

    /// <summary>Declares the flags.</summary>
    public CopyCommand()
    {
        _archive = Flags.Switch("archive", 'a', "Archive mode (copy all uid/gid information)");
        _followLink = Flags.Switch("follow-link", 'L', "Always follow symbol link in SRC_PATH");
        _quiet = Flags.Switch("quiet", 'q', "Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|- | SRC_PATH|- CONTAINER:DEST_PATH";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(2);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Files;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        Require(arguments[0].Length > 0, "source can not be empty");
        Require(arguments[1].Length > 0, "destination can not be empty");
        var (source, target) = (CopyPath.Parse(arguments[0]), CopyPath.Parse(arguments[1]));
        Require(source.Container.Length == 0 || target.Container.Length == 0, "copying between containers is not supported");
        Require(source.Container.Length > 0 || target.Container.Length > 0, "must specify at least one container source");
        var options = new CopyOptions(_followLink.Value, _archive.Value);
        if (source.Container.Length > 0)
        {
            CopyOut(session, session.Engine.Containers.Find(source.Container), source.Path, target, options);
        }
        else
        {
            CopyIn(session, source, session.Engine.Containers.Find(target.Container), target, options);
        }

        return 0;
    }

    private static void Require(bool valid, string complaint)
    {
        if (!valid)
        {
            throw SampanException.InvalidArgument(complaint);
        }
    }

    private void CopyOut(Session session, Container container, string path, CopyPath target, CopyOptions options)
    {
        if (!target.IsStream)
        {
            Tell(session, session.Engine.CopyOut(container, path, target.ToAbsolute(), options), target.Path);
            return;
        }

        Require(!TerminalMode.IsTerminal(1), "cowardly refusing to copy to a terminal: redirect standard output");
        using var output = new DescriptorStream(session.Out.Descriptor);
        using var buffered = new BufferedStream(output, 256 << 10);
        session.Engine.CopyOut(container, path, buffered, options);
    }

    private void CopyIn(Session session, CopyPath source, Container container, CopyPath target, CopyOptions options)
    {
        if (!source.IsStream)
        {
            Tell(session, session.Engine.CopyIn(container, source.ToAbsolute(), target.Path, options), $"{target.Container}:{target.Path}");
            return;
        }

        using var input = new FileDescriptor(0, owned: false);
        using var archive = new DescriptorStream(input);
        session.Engine.CopyIn(container, archive, target.Path);
    }

    // As docker: nothing where nobody watches.
    private void Tell(Session session, long bytes, string target)
    {
        if (_quiet.Changed ? !_quiet.Value : TerminalMode.IsTerminal(2))
        {
            session.Error.WriteLine($"Successfully copied {HumanSize.Format(bytes)} to {target}").Flush();
        }
    }
}
