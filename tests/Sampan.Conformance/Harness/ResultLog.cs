using Xunit.v3;

namespace Sampan.Conformance.Harness;

/// <summary>The file SAMPAN_CONFORMANCE_RESULTS names: a line for each test, "pass", "fail" or "skip", a tab, and its key.</summary>
public static class ResultLog
{
    private static readonly Lock Gate = new();

    private static readonly string? Target = Environment.GetEnvironmentVariable("SAMPAN_CONFORMANCE_RESULTS");

    /// <summary>Whether results are recorded.</summary>
    public static bool IsOn => Target is not null;

    /// <summary>The key of a test: class, method, and the first argument of a theory.</summary>
    public static string Key(Type type, string method, object? row) => $"{type.FullName![(nameof(Sampan).Length + 1 + nameof(Conformance).Length + 1)..]}.{method}" + (row is null ? "" : $"({row})");

    /// <summary>Records the current test; called when it has ended.</summary>
    public static void Record()
    {
        var context = TestContext.Current;
        if (Target is null || context.Test is not IXunitTest test || context.TestState is not { } state)
        {
            return;
        }

        var word = state.Result switch
        {
            TestResult.Passed => "pass",
            TestResult.Skipped => "skip",
            _ when state.ExceptionMessages is [{ } message, ..] && message.StartsWith("$XunitDynamicSkip$", StringComparison.Ordinal) => "skip",
            _ => "fail",
        };
        var line = $"{word}\t{Key(test.TestMethod.TestClass.Class, test.TestMethod.Method.Name, test.TestMethodArguments.FirstOrDefault())}\n";
        lock (Gate)
        {
            File.AppendAllText(Target, line);
        }
    }
}
