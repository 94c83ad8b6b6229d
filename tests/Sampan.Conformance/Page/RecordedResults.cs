namespace Sampan.Conformance.Page;

/// <summary>The results of one runtime as run-peers has written them: the runtime's name, then a word, a tab and a key on each line.</summary>
internal sealed class RecordedResults
{
    private readonly Dictionary<string, string> _words;

    private RecordedResults(string runtime, Dictionary<string, string> words)
    {
        Runtime = runtime;
        _words = words;
    }

    /// <summary>The runtimes of the page, ours first.</summary>
    public static IReadOnlyList<RecordedResults> All { get; } = [Read("sampan-runtime"), Read("runc"), Read("crun")];

    /// <summary>Name and version.</summary>
    public string Runtime { get; }

    /// <summary>The keys there is a result for.</summary>
    public IEnumerable<string> Keys => _words.Keys;

    /// <summary>The word for a key: pass, fail, skip; null when there is no result.</summary>
    public string? this[string key] => _words.GetValueOrDefault(key);

    /// <summary>Whether a statement is not met.</summary>
    public bool Fails(StatementRow row) => this[row.Key] == "fail";

    private static RecordedResults Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Folder, $"tests/Sampan.Conformance/Results/{name}.tsv"));
        return new RecordedResults(lines[0][2..], lines[1..].Select(line => line.Split('\t', 2)).ToDictionary(parts => parts[1], parts => parts[0]));
    }
}
