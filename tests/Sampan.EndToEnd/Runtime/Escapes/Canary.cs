namespace Sampan.EndToEnd.Runtime.Escapes;

/// <summary>A folder of the host no container has any business in: whatever is made, changed or removed there is noticed.</summary>
internal sealed class Canary : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly List<string> _events = [];

    /// <summary>Makes the folder, a folder and a file in it.</summary>
    public Canary(string parent)
    {
        Folder = Directory.CreateDirectory(Path.Combine(parent, "canary-" + Guid.NewGuid().ToString("N")[..8])).FullName;
        Directory.CreateDirectory(Path.Combine(Folder, "inner"));
        File.WriteAllText(Path.Combine(Folder, "file"), Content);
        _watcher = new(Folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Attributes };
        FileSystemEventHandler note = (_, change) => Note($"{change.ChangeType} {change.Name}");
        _watcher.Created += note;
        _watcher.Deleted += note;
        _watcher.Changed += note;
        _watcher.Renamed += (_, change) => Note($"renamed {change.Name}");
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>What its file holds, and no other file.</summary>
    public string Content { get; } = "alive " + Guid.NewGuid().ToString("N");

    /// <summary>Its path.</summary>
    public string Folder { get; }

    /// <summary>Asserts that nobody has been there, and that the watcher would have noticed.</summary>
    public void ShouldBeUntouched()
    {
        lock (_events)
        {
            _events.ShouldBeEmpty();
        }

        Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Length.ShouldBe(2);
        File.ReadAllText(Path.Combine(Folder, "file")).ShouldBe(Content);
        File.ReadAllText("/proc/self/mountinfo").ShouldNotContain(Folder);
        File.WriteAllText(Path.Combine(Folder, "mine"), "");
        Patience.ShouldCome(() => { lock (_events) { return _events.Count > 0; } }, "the watcher watches");
    }

    /// <inheritdoc/>
    public void Dispose() => _watcher.Dispose();

    private void Note(string what)
    {
        lock (_events)
        {
            _events.Add(what);
        }
    }
}
