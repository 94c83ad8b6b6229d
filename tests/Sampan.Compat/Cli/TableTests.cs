namespace Sampan.Compat.Cli;

/// <summary>
/// Every case of the tables, on docker and on Sampan. SAMPAN_RECORD=docker writes down what docker makes of them instead; SAMPAN_RECORD=sampan
/// what Sampan makes of those in which it differs, with the reason "?" where there is none yet, which fails until somebody has found it.
/// </summary>
[Collection(TableCollection.Name)]
public sealed class TableTests(PeerHost docker, SampanHost sampan)
{
    private static readonly IReadOnlyList<Scenario> All = CaseFile.ReadAll();

    private static readonly string? Recorded = Environment.GetEnvironmentVariable("SAMPAN_RECORD");

    /// <summary>Numbers and names of the scenarios.</summary>
    public static TheoryData<int, string> Scenarios()
    {
        var data = new TheoryData<int, string>();
        for (var index = 0; index < All.Count; index++)
        {
            data.Add(index, All[index].ToString());
        }

        return data;
    }

    /// <summary>The table is true.</summary>
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void On_docker(int index, string name)
    {
        DockerClient.RequireWords();
        Check(docker, index, name, static item => item.Expected, "docker", static (item, outcome) => item with { Expected = outcome });
    }

    /// <summary>Sampan does the same, or what the table says it does instead.</summary>
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void On_sampan(int index, string name) => Check(
        sampan, index, name, static item => item.OfSampan, "sampan",
        static (item, outcome) => outcome.ToString() == item.Expected.ToString()
            ? item with { Reason = null, Differing = null }
            : item with { Reason = item.Reason ?? "?", Differing = outcome });

    /// <summary>No difference without a reason, and no reason without a difference.</summary>
    [Fact]
    public void Every_difference_has_a_reason() =>
        All.SelectMany(static scenario => scenario.Cases)
            .Where(static item => item.Reason is { Length: < 8 } || (item.Differing is { } differing && differing.ToString() == item.Expected.ToString()))
            .Select(static item => item.Line)
            .ShouldBeEmpty();

    /// <summary>As many cases as were promised.</summary>
    [Fact]
    public void There_are_enough_cases() => All.Sum(static scenario => scenario.Cases.Count).ShouldBeGreaterThanOrEqualTo(400);

    private static void Check(ICliEngine engine, int index, string name, Func<Case, Outcome> expected, string who, Func<Case, Outcome, Case> record)
    {
        var folder = Directory.CreateTempSubdirectory("sampan-cases-").FullName;
        var scenario = All[index];
        List<string> wrong = [];
        var outcomes = new List<Case>();
        try
        {
            foreach (var item in scenario.Cases)
            {
                var outcome = Outcome.Of(engine.Shell("engine " + item.Line, folder), folder, engine.Registries);
                outcomes.Add(record(item, outcome));
                if (outcome.ToString() != expected(item).ToString())
                {
                    wrong.Add($"$ {item.Line}\n{outcome}\n--- but the table has\n{expected(item)}");
                }
            }
        }
        finally
        {
            engine.Shell(Cleaning.Script, folder);
            Directory.Delete(folder, true);
        }

        if (Recorded == who)
        {
            Recording.Put(All, index, scenario with { Cases = outcomes });
            return;
        }

        wrong.ShouldBeEmpty(name);
    }
}
