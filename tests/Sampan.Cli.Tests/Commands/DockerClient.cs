using Sampan.Linux.Files;

namespace Sampan.Cli.Tests.Commands;

/// <summary>The real docker client 28, where it is installed: parse errors and help need no daemon.</summary>
internal static class DockerClient
{
    private const string Path = "/usr/local/bin/docker";

    public static bool IsHere => FileDescriptor.TryStatus(Path) is not null;

    public static (int ExitCode, string Out, string Error) Run(params string[] words)
    {
#pragma warning disable RS0030 // A test drives a peer; nothing of ours is started this way.
        using var process = new System.Diagnostics.Process();
        process.StartInfo = new(Path, words) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        process.StartInfo.Environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
        process.Start();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
#pragma warning restore RS0030
    }
}
