namespace Sampan.Engine.Specs;

/// <summary>Walks the lines of a file of colon-separated fields; comments and empty lines are passed over.</summary>
internal ref struct ColonLines
{
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _line;

    public ColonLines(ReadOnlySpan<byte> text) => _rest = text;

    /// <summary>Goes to the next line.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var end = _rest.IndexOf((byte)'\n');
            _line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            _line = _line.TrimEnd((byte)'\r');
            if (!_line.IsEmpty && _line[0] != '#')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A field of the line.</summary>
    /// <param name="index">From 0.</param>
    /// <returns>Its bytes; empty when the line has fewer.</returns>
    public readonly ReadOnlySpan<byte> Field(int index)
    {
        var line = _line;
        while (true)
        {
            var colon = line.IndexOf((byte)':');
            if (index-- == 0)
            {
                return colon < 0 ? line : line[..colon];
            }

            if (colon < 0)
            {
                return default;
            }

            line = line[(colon + 1)..];
        }
    }
}
