using Sampan.Linux.Files;

namespace Sampan.Images.Tests;

/// <summary>Small root filesystems for tests.</summary>
internal static class RootFiles
{
    /// <summary>A tar with one file.</summary>
    public static byte[] Simple(this ImageFixture fixture, string name = "file", string content = "content")
    {
        var directory = "simple-" + Guid.NewGuid().ToString("N");
        FileTree.MakeDirectories(fixture[directory]);
        File.WriteAllText(fixture[directory + "/" + name], content);
        return fixture.Tar(directory);
    }

    public static StoredImage ImportSimple(this ImageFixture fixture, string? reference, string content = "content", params string[] changes) =>
        fixture.Import(fixture.Simple(content: content), reference, changes);

    /// <summary>Commits a directory as if it were the upper directory of a container of the image.</summary>
    public static StoredImage Commit(this ImageFixture fixture, StoredImage? parent, string upper, string? reference) =>
        fixture.Store.Find(fixture.Store.Commit(new()
        {
            Parent = parent,
            UpperDirectory = fixture[upper],
            Reference = reference,
            Config = parent?.Config.Config ?? new(),
        }));
}
