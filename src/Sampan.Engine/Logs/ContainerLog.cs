using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>Reads the log of a container.</summary>
/// <param name="container">Whose.</param>
public sealed class ContainerLog(Container container)
{
    /// <summary>Hands the lines to a consumer, oldest first; with <see cref="LogReadOptions.Follow"/> until the container ends.</summary>
    /// <param name="options">Which part.</param>
    /// <param name="consumer">Who gets them.</param>
    /// <exception cref="SampanException">InvalidArgument: the log driver keeps nothing that could be read.</exception>
    public void Read(LogReadOptions options, ILogConsumer consumer) => throw new NotSupportedException(container.Id + options + consumer);
}
