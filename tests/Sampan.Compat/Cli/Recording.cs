namespace Sampan.Compat.Cli;

/// <summary>Tables on their way back into their files.</summary>
public static class Recording
{
    private static readonly Dictionary<int, Scenario> Fresh = [];

    /// <summary>Replaces a scenario.</summary>
    /// <param name="all">All scenarios as they were read.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="scenario">As it is now.</param>
    public static void Put(IReadOnlyList<Scenario> all, int index, Scenario scenario)
    {
        lock (Fresh)
        {
            Fresh[index] = scenario;
            CaseFile.Write(all.Select((old, number) => Fresh.GetValueOrDefault(number, old)).Where(one => one.File == scenario.File));
        }
    }
}
