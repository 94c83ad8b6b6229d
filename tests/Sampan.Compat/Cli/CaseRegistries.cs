using Sampan.Registries.Tests.Harness;

namespace Sampan.Compat.Cli;

/// <summary>
/// The registries that cases name: "$registry"; "$locked", where ann with the password "secret" may enter; and "$index", which finds the same
/// whatever it is asked for, as version 1 of the protocol has it.
/// </summary>
public sealed class CaseRegistries : IDisposable
{
    private readonly RealRegistry _open;
    private readonly RealRegistry _locked;
    private readonly RunningCommand _index;
    private readonly string _indexAddress;

    /// <summary>Starts them.</summary>
    /// <param name="folder">For the file of passwords.</param>
    /// <param name="within">What starts a program where the engine can reach it.</param>
    public CaseRegistries(string folder, IReadOnlyList<string>? within = null)
    {
        Programs.Require("apache2-utils", "htpasswd", "makes password files");
        Programs.Require("python3", "python3", "serves the answer of a search");
        var file = Path.Combine(folder, "htpasswd");
        Programs.Run("htpasswd", "-B", "-b", "-C", "4", "-c", file, "ann", "secret");
        var port = RealRegistry.FreePort();
        _indexAddress = $"127.0.0.1:{port}";
        _index = Serve(Directory.CreateDirectory(Path.Combine(folder, "index", "v1")).FullName, port, within ?? []);
        try
        {
            _index.Expect("Serving HTTP");
            _open = new(within: within);
            _locked = new(new(Top: $"auth: {"{"}htpasswd: {"{"}realm: r, path: {file}{"}}"}"), within);
        }
        catch
        {
            _open?.Dispose();
            _index.Dispose();
            throw;
        }
    }

    /// <summary>Shell words that make the names known.</summary>
    public string Variables => $"registry={_open.Host}; locked={_locked.Host}; index={_indexAddress}; ";

    /// <summary>Takes their addresses out of a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text with names in their place.</returns>
    public string Mask(string text) => text.Replace(_open.Host, "<registry>").Replace(_locked.Host, "<locked>").Replace(_indexAddress, "<index>");

    /// <inheritdoc/>
    public void Dispose()
    {
        _open.Dispose();
        _locked.Dispose();
        _index.Dispose();
    }

    private static RunningCommand Serve(string folder, int port, IReadOnlyList<string> within)
    {
        File.WriteAllText(Path.Combine(folder, "_ping"), "true");
        File.WriteAllText(Path.Combine(folder, "search"), """
            {"num_results": 4, "query": "x", "results": [
            {"name": "team/few", "description": "", "star_count": 1, "is_official": false, "is_automated": true},
            {"name": "many", "description": "The one that is looked for, with a description longer than a column", "star_count": 2000, "is_official": true, "is_automated": false},
            {"name": "team/none", "description": "two\nlines", "star_count": 0, "is_official": false, "is_automated": false},
            {"name": "team/some", "description": "Short", "star_count": 30, "is_official": false, "is_automated": false}]}
            """);
        return new RunningCommand("/bin/sh", ["-c", "exec \"$@\" 2>/dev/null", "sh", .. within, "python3", "-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", Path.GetDirectoryName(folder)!, $"{port}"]);
    }
}
