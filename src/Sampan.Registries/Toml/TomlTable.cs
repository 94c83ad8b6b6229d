namespace Sampan.Registries.Toml;

/// <summary>A table. Values are string, long, bool, <see cref="TomlTable"/>, or a list of them.</summary>
/// <param name="line">Where it begins.</param>
internal sealed class TomlTable(int line)
{
    private readonly Dictionary<string, (object Value, int Line)> _entries = new(StringComparer.Ordinal);

    public int Line { get; } = line;

    public IEnumerable<string> Keys => _entries.Keys;

    public object? this[string key] => _entries.TryGetValue(key, out var entry) ? entry.Value : null;

    public int LineOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Line : Line;

    /// <summary>It was written as a value: nothing is added to it later.</summary>
    public bool IsSealed { get; set; }

    public void Add(string key, object value, int line)
    {
        if (IsSealed)
        {
            throw new TomlException(line, $"{key} belongs to a table that was closed on line {Line}");
        }

        if (!_entries.TryAdd(key, (value, line)))
        {
            throw new TomlException(line, $"{key} is given a second time");
        }
    }

    /// <exception cref="TomlException">It is of another kind.</exception>
    public T? Get<T>(string key, string expected) => this[key] switch
    {
        null => default,
        T value => value,
        _ => throw new TomlException(LineOf(key), $"{key}: {expected} is expected"),
    };

    public string? Text(string key) => Get<string>(key, "a string");

    public bool Flag(string key) => Get<bool>(key, "true or false");

    /// <exception cref="TomlException">It is no array, or one of something else.</exception>
    public IReadOnlyList<T> List<T>(string key, string expected)
    {
        var items = Get<List<object>>(key, "an array") ?? [];
        return items.ConvertAll(item => item is T value ? value : throw new TomlException(LineOf(key), $"{key}: an array of {expected} is expected"));
    }
}
