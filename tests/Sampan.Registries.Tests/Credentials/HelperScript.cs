using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests.Credentials;

/// <summary>A credential helper that keeps what it gets in files of a folder, found through PATH as any.</summary>
internal sealed class HelperScript : IDisposable
{
    // What it was given is kept byte for byte, so that tests see the protocol.
    private const string Script = """
        #!/bin/sh
        folder=$(dirname "$0")/kept
        mkdir -p "$folder"
        case $1 in
        store) cat >"$folder/last"; server=$(sed 's/.*"ServerURL":"\([^"]*\)".*/\1/' "$folder/last"); mv "$folder/last" "$folder/$(echo "$server" | tr / _)" ;;
        get | erase)
            file=$folder/$(tr / _)
            [ -f "$file" ] || { echo "credentials not found in native keychain"; exit 1; }
            if [ "$1" = get ]; then cat "$file"; else rm "$file"; fi ;;
        list) echo '{"https://a.test/v1/":"ann"}' ;;
        esac
        """;

    private static readonly Lock Gate = new();

    public HelperScript(string script = Script)
    {
        Name = "sampan-test-" + Guid.NewGuid().ToString("n");

        // Written by another process: one with the file open for writing could hold up its execution (ETXTBSY).
        Programs.Run("/bin/sh", "-c", "printf '%s\n' \"$2\" >\"$1\"; chmod +x \"$1\"", "sh", File, script);
        lock (Gate)
        {
            Environment.SetEnvironmentVariable("PATH", Environment.GetEnvironmentVariable("PATH") + ":" + Folder);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("sampan-helper-").FullName;

    public string Name { get; }

    private string File => Path.Combine(Folder, "docker-credential-" + Name);

    public string Kept(string server) => System.IO.File.ReadAllText(Path.Combine(Folder, "kept", server.Replace('/', '_')));

    public bool Keeps(string server) => System.IO.File.Exists(Path.Combine(Folder, "kept", server.Replace('/', '_')));

    public void Dispose()
    {
        lock (Gate)
        {
            Environment.SetEnvironmentVariable("PATH", Environment.GetEnvironmentVariable("PATH")!.Replace(":" + Folder, ""));
        }

        Directory.Delete(Folder, true);
    }
}
