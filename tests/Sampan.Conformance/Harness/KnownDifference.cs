using System.Reflection;
using Xunit.v3;

namespace Sampan.Conformance.Harness;

/// <summary>A test that the runtime under test is known to fail is skipped with its reason; where results are recorded it runs all the same.</summary>
public static class KnownDifference
{
    /// <summary>Skips the current test when its runtime is marked with <see cref="DiffersAttribute"/>.</summary>
    public static void SkipUnlessRecording()
    {
        if (ResultLog.IsOn || TestContext.Current.Test is not IXunitTest test)
        {
            return;
        }

        var row = test.TestMethodArguments.FirstOrDefault()?.ToString();
        if (Find(test.TestMethod.Method, OciRuntime.Name, row) is { } difference)
        {
            Assert.Skip($"{difference.Runtime}: {difference.Reason}");
        }
    }

    /// <summary>What is known of a runtime and a test.</summary>
    /// <param name="method">The test.</param>
    /// <param name="runtime">Name and version.</param>
    /// <param name="row">The first argument of a theory.</param>
    public static DiffersAttribute? Find(MethodInfo method, string runtime, string? row) =>
        method.GetCustomAttributes<DiffersAttribute>().FirstOrDefault(mark => mark.Runtime == runtime && (mark.Rows.Length == 0 || mark.Rows.Contains(row ?? "", StringComparer.Ordinal)));
}
