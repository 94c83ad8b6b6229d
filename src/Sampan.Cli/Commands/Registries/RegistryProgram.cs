using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;
using Sampan.Runtime.Launching;

namespace Sampan.Cli.Commands.Registries;

/// <summary>sampan-registry, which lies beside sampan.</summary>
internal static class RegistryProgram
{
    private const string Name = "sampan-registry";

    private static string Directory => Path.GetDirectoryName(Environment.ProcessPath) ?? "/";

    /// <summary>Becomes it, with the words this process was called with.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: it is not there. There is no other return.</exception>
    public static void Become()
    {
        try
        {
            OwnProgram.Become(Path.Combine(Directory, Name), [Name, .. Environment.GetCommandLineArgs()[1..]]);
        }
        catch (LinuxException problem) when (problem.Errno == Errno.ENOENT)
        {
            throw Missing(problem);
        }
    }

    /// <summary>Runs it to its end, with standard error for its output: what waits for it has another use for its own.</summary>
    /// <param name="words">The words after its name.</param>
    /// <returns>Its exit code, 128 plus the signal that ended it. What went wrong it has said.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: it is not there.</exception>
    public static int Run(IReadOnlyList<string> words)
    {
        using var input = FileDescriptor.Open("/dev/null", OpenFlags.ReadOnly);
        using var error = new FileDescriptor(2, owned: false).Duplicate();
        try
        {
            using var process = ProgramLauncher.Launch(new()
            {
                Path = Path.Combine(Directory, Name),
                Arguments = [Name, .. words],
                Environment = OwnEnvironment.List(),
                Stdin = input,
                Stdout = error,
                Stderr = error,
                DiesWithParent = true,
            });
            return ChildProcess.Wait(process.PidFd);
        }
        catch (SampanException problem) when (problem.Kind == ErrorKind.CommandNotFound)
        {
            throw Missing(problem);
        }
    }

    private static SampanException Missing(Exception problem) =>
        new(ErrorKind.Unavailable, $"{Name} is missing from {Directory}: it speaks to registries, and is installed beside sampan", problem);
}
