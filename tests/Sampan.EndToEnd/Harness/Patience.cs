namespace Sampan.EndToEnd.Harness;

/// <summary>How long a test waits for what must happen but announces itself on no descriptor.</summary>
public static class Patience
{
    /// <summary>Long enough for a loaded machine; reaching it is a failure.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a condition holds; false when it did not within the limit.</summary>
    public static bool Until(Func<bool> condition) => SpinWait.SpinUntil(condition, Limit);

    /// <summary>Waits until a condition holds and fails with a message when it does not.</summary>
    public static void ShouldCome(Func<bool> condition, string message) => Until(condition).ShouldBeTrue(message);
}
