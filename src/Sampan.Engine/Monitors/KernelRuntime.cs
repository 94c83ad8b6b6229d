using Sampan.Engine.Containers;

namespace Sampan.Engine.Monitors;

/// <summary>The real thing: control groups and launch plans.</summary>
internal sealed class KernelRuntime(Container container, EnginePaths paths) : IContainerRuntime
{
    public string? Trace => throw new NotSupportedException(paths.Root);

    public static void Clean(ContainerRecord record) => throw new NotSupportedException(record.Id);

    public StartedProcess Start(bool trace) => throw new NotSupportedException(container.Id);

    public StartedProcess Execute(ExecRequest request) => throw new NotSupportedException(container.Id);

    public bool Finish() => throw new NotSupportedException(container.Id);
}
