namespace Sampan.Cli.Commands.Containers.Stats;

/// <summary>The last values of something as a line of small bars, the newest on the right.</summary>
/// <param name="width">How many values are shown.</param>
internal sealed class Sparkline(int width)
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    private readonly Queue<double> _values = new();

    /// <summary>Adds a value.</summary>
    /// <param name="value">The value; not negative.</param>
    public void Add(double value)
    {
        _values.Enqueue(value);
        if (_values.Count > width)
        {
            _values.Dequeue();
        }
    }

    /// <summary>Draws the line.</summary>
    /// <param name="top">The value that fills a bar, where none is larger.</param>
    /// <returns>The line, filled up with blanks on its left.</returns>
    public string Draw(double top)
    {
        foreach (var value in _values)
        {
            top = Math.Max(top, value);
        }

        var line = new char[width];
        Array.Fill(line, ' ');
        var at = width - _values.Count;
        foreach (var value in _values)
        {
            line[at++] = Bars[(int)Math.Clamp(Math.Round(value / top * (Bars.Length - 1)), 0, Bars.Length - 1)];
        }

        return new(line);
    }
}
