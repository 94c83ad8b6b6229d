using System.Text;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.RuntimeCli.Specs;

namespace Sampan.RuntimeCli.Commands;

/// <summary>spec: writes a config.json to begin with.</summary>
internal sealed class SpecCommand : Command
{
    private readonly ValueFlag<string> _bundle;
    private readonly Switch _rootless;

    public SpecCommand()
    {
        _bundle = Flags.Text("bundle", 'b', "path to the root of the bundle directory");
        _rootless = Flags.Switch("rootless", '\0', "generate a configuration for a rootless container");
    }

    public override string Usage => "[command options]";

    public override int Least => 0;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var path = Path.Combine(_bundle.Value, "config.json");
        if (FileDescriptor.TryStatus(path) is not null)
        {
            throw SampanException.Conflict("File config.json exists. Remove it first");
        }

        AtomicFile.Write(path, Encoding.UTF8.GetBytes(SpecTemplate.Write(_rootless.Value)), 0x1A4, durable: false);
        return 0;
    }
}
