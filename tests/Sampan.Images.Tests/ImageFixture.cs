using System.Diagnostics;
using Sampan.Linux.Files;

namespace Sampan.Images.Tests;

/// <summary>A store and a scratch directory of one test, removed at its end.</summary>
public sealed class ImageFixture : IDisposable
{
    public ImageFixture() => Store = new(this["store"], durable: false);

    public string Path { get; } = Directory.CreateTempSubdirectory("sampan-images-").FullName;

    public ImageStore Store { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Runs a program, which must succeed.</summary>
    public string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}: {error.Result}");
        return output;
    }

    /// <summary>The directory's tar, made by GNU tar.</summary>
    public byte[] Tar(string directory, params string[] options)
    {
        Run("tar", [.. options, "-C", this[directory], "-cf", this["fixture.tar"], "."]);
        return File.ReadAllBytes(this["fixture.tar"]);
    }

    /// <summary>Imports an archive.</summary>
    public StoredImage Import(byte[] archive, string? reference = null, params string[] changes) =>
        Store.Find(Store.Import(new MemoryStream(archive), new() { Reference = reference, Changes = changes }));

    /// <summary>Everything that lies below a directory, as find(1) tells it: what a test compares before and after.</summary>
    public string Listing(string directory) => Run("find", this[directory], "-printf", "%P %y %m %U:%G %s %l %T@\\n");

    public void Dispose() => FileTree.Remove(Path);
}
