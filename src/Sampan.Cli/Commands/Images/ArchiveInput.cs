using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Images;

/// <summary>An archive a command reads: a file or standard input.</summary>
internal static class ArchiveInput
{
    /// <summary>Reads it. What is wrong with its content is told with its name.</summary>
    /// <param name="path">Path; null or "-" is standard input.</param>
    /// <param name="read">What to do with it.</param>
    /// <returns>What <paramref name="read"/> made of it.</returns>
    /// <exception cref="SampanException">It is no archive, or a bad one.</exception>
    /// <exception cref="LinuxException">The file cannot be opened or read.</exception>
    public static T Read<T>(string? path, Func<Stream, T> read)
    {
        var isStandardInput = path is null or "-";
        using var archive = isStandardInput ? new FileDescriptor(0, owned: false) : FileDescriptor.Open(path!, OpenFlags.ReadOnly);
        using var stream = new DescriptorStream(archive);
        try
        {
            return read(stream);
        }
        catch (SampanException problem) when (problem.Kind == ErrorKind.InvalidArgument)
        {
            throw new SampanException(problem.Kind, $"{(isStandardInput ? "standard input" : path)}: {problem.Message}", problem);
        }
    }
}
