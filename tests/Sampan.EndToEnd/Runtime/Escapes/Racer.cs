namespace Sampan.EndToEnd.Runtime.Escapes;

/// <summary>A process that exchanges two names as fast as it can, as a container does that shares a volume with the one being started.</summary>
internal sealed class Racer : IDisposable
{
    private readonly Tool _tool = new("flip");
    private readonly RunningCommand _process;
    private readonly string _counter;
    private readonly long _before;

    /// <summary>Begins.</summary>
    /// <param name="folder">For its counter.</param>
    /// <param name="first">One name.</param>
    /// <param name="second">The other, in the same file system.</param>
    public Racer(string folder, string first, string second)
    {
        _counter = Path.Combine(folder, "flips-" + Guid.NewGuid().ToString("N"));
        _process = new(_tool.Path, [_counter, first, second]);
        Patience.ShouldCome(() => File.Exists(_counter) && Flips > 0, "the racer flips");
        _before = Flips;
    }

    private long Flips => File.ReadAllBytes(_counter) is { Length: 8 } bytes ? BitConverter.ToInt64(bytes) : 0;

    /// <summary>Asserts that it was at work all the time: a race nobody ran proves nothing.</summary>
    /// <param name="starts">How many starts it raced against.</param>
    public void ShouldHaveRun(int starts)
    {
        _process.HasExited.ShouldBeFalse();
        (Flips - _before).ShouldBeGreaterThan(starts);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _tool.Dispose();
    }
}
