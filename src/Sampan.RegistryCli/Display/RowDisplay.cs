using Sampan.Linux.Files;
using Sampan.Linux.Terminals;

namespace Sampan.RegistryCli.Display;

/// <summary>
/// A row for each layer, as docker draws them: on a terminal each is redrawn in its place, elsewhere each new word of it is a line. May be
/// told things by several threads at once.
/// </summary>
internal abstract class RowDisplay
{
    private const int RedrawMilliseconds = 100;
    private const int UnknownWidth = 200;
    private readonly TextOutput _output;
    private readonly bool _quiet;
    private readonly bool _terminal;
    private readonly List<string> _names = [];
    private readonly List<string> _texts = [];
    private readonly List<long> _drawn = [];
    private readonly List<bool> _stale = [];

    /// <param name="output">Where to.</param>
    /// <param name="quiet">Say nothing.</param>
    protected RowDisplay(TextOutput output, bool quiet)
    {
        _output = output;
        _quiet = quiet;
        _terminal = TerminalMode.IsTerminal(output.Descriptor.Number);
    }

    /// <summary>Held by who changes what is shown.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Writes a line of its own.</summary>
    /// <param name="line">The line.</param>
    public void Say(string line)
    {
        if (!_quiet)
        {
            _output.WriteLine(line).Flush();
        }
    }

    /// <summary>Nothing changes any more.</summary>
    public void Finish()
    {
        lock (Gate)
        {
            for (var row = 0; row < _names.Count; row++)
            {
                if (_stale[row])
                {
                    Draw(row);
                }
            }
        }
    }

    /// <summary>A new word for a layer. The caller holds the gate.</summary>
    /// <param name="name">Its short id.</param>
    /// <param name="text">The word: "Pull complete".</param>
    protected void Set(string name, string text)
    {
        if (_quiet)
        {
            return;
        }

        if (!_terminal)
        {
            _output.WriteLine($"{name}: {text}").Flush();
            return;
        }

        var row = RowOf(name);
        _texts[row] = text;
        Draw(row);
    }

    /// <summary>How far it is; only a terminal shows that, and not more often than one can look. The caller holds the gate.</summary>
    /// <param name="name">Its short id.</param>
    /// <param name="word">What is done: "Downloading".</param>
    /// <param name="done">Bytes done.</param>
    /// <param name="total">Bytes in all.</param>
    protected void Advance(string name, string word, long done, long total)
    {
        if (_quiet || !_terminal)
        {
            return;
        }

        var row = RowOf(name);
        _stale[row] = true;
        _texts[row] = $"{word} {ProgressBar.Draw(done, total, Width())}";
        if (done == 0 || Environment.TickCount64 - _drawn[row] >= RedrawMilliseconds)
        {
            Draw(row);
        }
    }

    private int Width() => TerminalSize.TryRead(_output.Descriptor.Number) is { Columns: > 0 } size ? size.Columns : UnknownWidth;

    private int RowOf(string name)
    {
        var row = _names.IndexOf(name);
        if (row < 0)
        {
            row = _names.Count;
            _names.Add(name);
            _texts.Add("");
            _drawn.Add(0);
            _stale.Add(false);
            _output.WriteLine();
        }

        return row;
    }

    // Up to the row, its line anew, down again (console_codes(4)).
    private void Draw(int row)
    {
        var distance = _names.Count - row;
        _drawn[row] = Environment.TickCount64;
        _stale[row] = false;
        _output.Write($"\e[{distance}A\e[2K\r{_names[row]}: {_texts[row]}\r\e[{distance}B").Flush();
    }
}
