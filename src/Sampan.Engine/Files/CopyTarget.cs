using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Files;

/// <summary>What a copy's target is before the copy.</summary>
/// <param name="Path">Absolute path; where the user named a link, what it leads to.</param>
/// <param name="Status">What is there; null when there is nothing.</param>
/// <param name="AssertsDirectory">The user wrote a slash, or a slash and a dot, behind it.</param>
internal readonly record struct CopyTarget(string Path, FileStatus? Status, bool AssertsDirectory)
{
    /// <summary>Docker's rules: into a directory that is there, else over a file or under a new name beside it.</summary>
    /// <returns>The directory to write in and the name there.</returns>
    /// <exception cref="SampanException">InvalidArgument: a directory onto a file, or a file into a directory that is not there.</exception>
    public (string Directory, string Name) Place(CopySource source)
    {
        if (Status is { IsDirectory: true })
        {
            return (Path, source.Name);
        }

        if (Status is not null && source.IsDirectory)
        {
            throw SampanException.InvalidArgument("cannot copy directory");
        }

        if (Status is null && AssertsDirectory && !source.IsDirectory)
        {
            throw SampanException.InvalidArgument("no such directory");
        }

        var slash = Path.LastIndexOf('/');
        return (slash > 0 ? Path[..slash] : "/", Path[(slash + 1)..]);
    }
}
