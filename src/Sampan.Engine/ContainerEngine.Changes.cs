using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Specs;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Cgroups;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Gives a container another name, running or not.</summary>
    /// <param name="container">Which.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="SampanException">InvalidArgument: not a name, or the one it has. Conflict: the name is taken.</exception>
    public void Rename(Container container, string name)
    {
        name = name.StartsWith('/') ? name[1..] : name;
        ContainerNames.Validate(name);
        var before = _names.Rename(container, name);
        if (TryConnect(container) is { } connection)
        {
            TellOfChange(connection, container);
        }

        if (!Entries.Exists(container.Directory))
        {
            // Its monitor removed it meanwhile, and gave back the name it knew.
            _names.Release(name, container.Id);
        }

        container.Journal.Write(container.Record, "rename", ("oldName", "/" + before));
    }

    /// <summary>Changes limits and restart policy of a container, running or not. What is refused leaves all as it was.</summary>
    /// <param name="container">Which.</param>
    /// <param name="change">What is asked for.</param>
    /// <exception cref="SampanException">The value makes no sense, contradicts another, or the kernel refuses it.</exception>
    public void Update(Container container, UpdateRequest change)
    {
        try
        {
            // Who starts or runs it has the lock and is asked; where nobody has, nobody can start it meanwhile.
            if (TakeUnlessRunning(container) is not { } hold)
            {
                UpdateRunning(container, change);
                return;
            }

            using (hold)
            {
                _names.Rewrite(container, record =>
                {
                    var merged = ContainerUpdate.Merge(record, change);
                    _ = ResourceSpecs.Of(merged, HostFacts.Read(CgroupHierarchy.Detect()), []);
                    return record with { HostConfig = merged };
                });
            }

            container.Journal.Write(container.Record, "update");
        }
        catch (SampanException problem) when (problem.Kind != ErrorKind.NotFound)
        {
            throw new SampanException(problem.Kind, $"Cannot update container {container.Id}: {problem.Message}", problem);
        }
    }

    private void UpdateRunning(Container container, UpdateRequest change)
    {
        var connection = ConnectToEnd(container) ?? throw SampanException.Conflict("it ended meanwhile: update it again");
        using (Ask(connection, new MonitorRequest { Operation = "update", Update = change }, FrameType.Done, container))
        {
            // Answered; nothing else is said on this connection.
        }
    }

    private static void TellOfChange(MonitorConnection connection, Container container)
    {
        try
        {
            Ask(connection, new MonitorRequest { Operation = "reload" }, FrameType.Done, container).Dispose();
        }
        catch (SampanException problem) when (problem.Kind is ErrorKind.Conflict or ErrorKind.Internal)
        {
            // It has ended: there is nobody left to be told.
            return;
        }
    }
}
