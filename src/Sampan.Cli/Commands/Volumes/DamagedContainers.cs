namespace Sampan.Cli.Commands.Volumes;

/// <summary>Says why no volume counts as unused.</summary>
internal static class DamagedContainers
{
    /// <summary>Warns where the record of a container cannot be read: it may use any volume.</summary>
    /// <param name="session">Where to.</param>
    public static void Warn(Session session)
    {
        foreach (var id in session.Engine.Containers.Damaged())
        {
            session.Error.Write("WARNING: ")
                .WriteLine($"the record of container {id} is damaged: it may use any volume, and none counts as unused; remove it with rm -f, or restore its container.json").Flush();
        }
    }
}
