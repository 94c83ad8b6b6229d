using Sampan.Cli.Commands;
using Sampan.Linux.Files;

namespace Sampan.Cli.Tests;

/// <summary>Runs command lines in this process with files in place of the terminal.</summary>
internal sealed class CapturedOutput : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sampan-cli-").FullName;

    public string Root => _directory + "/root";

    public (int ExitCode, string Out, string Error) Run(params string[] words)
    {
        using var standardOut = Open("out");
        using var standardError = Open("error");
        int exitCode;
        using (var output = new TextOutput(standardOut.Number))
        using (var error = new TextOutput(standardError.Number))
        {
            exitCode = new CommandLine(output, error).Run(words);
        }

        return (exitCode, File.ReadAllText(_directory + "/out"), File.ReadAllText(_directory + "/error"));
    }

    /// <summary>The same over directories of this test's own.</summary>
    public (int ExitCode, string Out, string Error) RunIsolated(params string[] words) =>
        Run(["--root", Root, "--state", _directory + "/state", .. words]);

    /// <summary>What a writer writes.</summary>
    public string Capture(Action<TextOutput> write)
    {
        using var file = Open("text");
        using (var output = new TextOutput(file.Number))
        {
            write(output);
        }

        return File.ReadAllText(_directory + "/text");
    }

    public string WriteFile(string name, string content)
    {
        File.WriteAllText(_directory + "/" + name, content);
        return _directory + "/" + name;
    }

    public void Dispose() => FileTree.Remove(_directory);

    private FileDescriptor Open(string name) =>
        FileDescriptor.Open(_directory + "/" + name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Truncate, 0x180);
}
