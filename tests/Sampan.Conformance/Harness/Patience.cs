namespace Sampan.Conformance.Harness;

/// <summary>How long a test waits for what must happen.</summary>
public static class Patience
{
    /// <summary>Long enough for a loaded machine; reaching it is a failure.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Waits until a condition that announces itself on no descriptor holds, and fails with a message when it does not.</summary>
    public static void ShouldCome(Func<bool> condition, string message) => SpinWait.SpinUntil(condition, Limit).ShouldBeTrue(message);
}
