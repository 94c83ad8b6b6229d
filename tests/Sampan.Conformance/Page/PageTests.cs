using System.Reflection;

namespace Sampan.Conformance.Page;

/// <summary>The suite about itself: statements, recorded results, known differences and the page agree.</summary>
public class PageTests
{
    private static readonly bool Writing = Environment.GetEnvironmentVariable("SAMPAN_CONFORMANCE_WRITE") is { Length: > 0 };

    [Fact]
    public void Every_test_says_what_it_states() =>
        StatementRow.Methods().Where(method => method.GetCustomAttribute<StatementAttribute>() is not { } statement || !StatementRow.IsKnown(statement.Section)).Select(method => method.Name).ShouldBeEmpty();

    [Fact]
    public void No_two_rows_have_one_key() => StatementRow.All.GroupBy(row => row.Key).Where(rows => rows.Count() > 1).Select(rows => rows.Key).ShouldBeEmpty();

    [Fact]
    public void The_recorded_results_are_of_these_tests()
    {
        var keys = StatementRow.All.Select(row => row.Key).ToHashSet();
        foreach (var results in RecordedResults.All)
        {
            results.Keys.Except(keys).ShouldBeEmpty($"{results.Runtime}: results of tests that are gone; run run-peers");
            keys.Except(results.Keys).ShouldBeEmpty($"{results.Runtime}: tests without a result; run run-peers");
        }
    }

    [Fact]
    public void Every_recorded_failure_has_its_reason()
    {
        foreach (var results in RecordedResults.All)
        {
            StatementRow.All.Where(row => results.Fails(row) && KnownDifference.Find(row.Method, results.Runtime, row.Argument) is null).Select(row => row.Key)
                .ShouldBeEmpty($"{results.Runtime} fails these; say why with Differs(\"{results.Runtime}\", ...)");
        }
    }

    [Fact]
    public void Every_reason_has_its_failure()
    {
        foreach (var results in RecordedResults.All)
        {
            StatementRow.All.Where(row => !results.Fails(row) && KnownDifference.Find(row.Method, results.Runtime, row.Argument) is not null).Select(row => row.Key)
                .ShouldBeEmpty($"{results.Runtime} meets these; remove their Differs");
        }
    }

    [Fact]
    public void Reasons_are_of_the_recorded_runtimes() =>
        StatementRow.Methods().SelectMany(method => method.GetCustomAttributes<DiffersAttribute>()).Select(mark => mark.Runtime).Distinct()
            .Except(RecordedResults.All.Select(results => results.Runtime)).ShouldBeEmpty();

    [Fact]
    public void The_page_is_current()
    {
        var page = ConformancePage.Write();
        if (Writing)
        {
            File.WriteAllText(ConformancePage.File, page);
        }

        File.ReadAllText(ConformancePage.File).ShouldBe(page, "docs/spec-conformance.md is stale: run tests/Sampan.Conformance/run-peers page");
    }
}
