using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of update that publish ports and take them back. Docker has none like them.</summary>
internal sealed class UpdatePortFlags
{
    private readonly ListFlag _added;
    private readonly ListFlag _removed;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public UpdatePortFlags(FlagSet flags)
    {
        _added = flags.List("publish-add", '\0', "Publish a container's port(s) to the host, running or not");
        _removed = flags.List("publish-rm", '\0', "Publish a container's port(s) no more");
    }

    /// <summary>Adds what they say.</summary>
    /// <param name="request">What is asked for so far.</param>
    /// <returns>The same with this.</returns>
    /// <exception cref="SampanException">InvalidArgument: a malformed port.</exception>
    public UpdateRequest Apply(UpdateRequest request) => request with { PublishAdd = Read(_added), PublishRemove = Read(_removed) };

    private static Dictionary<string, IReadOnlyList<PortBinding>>? Read(ListFlag flag)
    {
        if (flag.ValuesOrNull is not { } values)
        {
            return null;
        }

        var ports = new Dictionary<string, IReadOnlyList<PortBinding>>(StringComparer.Ordinal);
        foreach (var text in values)
        {
            try
            {
                foreach (var (port, binding) in PublishArgument.Parse(text))
                {
                    ports[port] = [.. ports.GetValueOrDefault(port) ?? [], binding];
                }
            }
            catch (ValueException problem)
            {
                throw new SampanException(ErrorKind.InvalidArgument, problem.Message, problem);
            }
        }

        return ports;
    }
}
