namespace Sampan.Registries.Http;

/// <summary>How often one thing was tried, and how long was waited for it.</summary>
internal sealed class Patience(RetryPolicy policy)
{
    private const double Spread = 0.2;

    private int _failures;
    private TimeSpan _waited;

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="asked">How long the registry wants it to be; null when it does not say.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when it was tried often or long enough.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool Wait(TimeSpan? asked, CancellationToken cancellation)
    {
        _failures++;
        var wait = asked ?? BackOff();
        if (_failures >= policy.Attempts || wait > policy.LongestTotal - _waited)
        {
            return false;
        }

        _waited += wait;
        cancellation.WaitHandle.WaitOne(wait);
        cancellation.ThrowIfCancellationRequested();
        return true;
    }

    /// <summary>It got further: failures are counted anew.</summary>
    public void Progressed()
    {
        _failures = 0;
        _waited = TimeSpan.Zero;
    }

    private TimeSpan BackOff()
    {
        var wait = policy.FirstWait * Math.Pow(2, Math.Min(_failures - 1, 30));
        wait = wait < policy.LongestWait ? wait : policy.LongestWait;
        return wait * (1 + (Spread * ((2 * Random.Shared.NextDouble()) - 1)));
    }
}
