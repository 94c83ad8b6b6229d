namespace Sampan.Compat.Harness;

/// <summary>Asks an engine again and again for what it announces nowhere, leaving it the processor in between.</summary>
public static class Polling
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until a condition holds; fails with a message when it does not within <see cref="Patience.Limit"/>.</summary>
    public static void ShouldCome(Func<bool> condition, string message) => ShouldCome(condition, () => message);

    /// <summary>As above, with a message made when it is needed.</summary>
    public static void ShouldCome(Func<bool> condition, Func<string> message)
    {
        using var never = new ManualResetEventSlim();
        var end = DateTime.UtcNow + Patience.Limit;
        while (!condition())
        {
            if (DateTime.UtcNow > end)
            {
                throw new ShouldAssertException($"not within {Patience.Limit}: {message()}");
            }

            never.Wait(Pause);
        }
    }
}
