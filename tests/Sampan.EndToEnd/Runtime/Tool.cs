namespace Sampan.EndToEnd.Runtime;

/// <summary>A small static C program of Runtime/Tools, for what busybox cannot do; gcc is there because NativeAOT links with it.</summary>
public sealed class Tool : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-tool-").FullName;

    /// <summary>Compiles it.</summary>
    /// <param name="name">Name of the source without its extension.</param>
    public Tool(string name)
    {
        Path = System.IO.Path.Combine(_folder, name);
        var source = System.IO.Path.Combine(Host.Repository, "tests/Sampan.EndToEnd/Runtime/Tools", name + ".c");
        Host.Shell("gcc -static -O1 -Wall -Werror -o \"$1\" \"$2\"", Path, source);
    }

    /// <summary>The program.</summary>
    public string Path { get; }

    /// <summary>Copies it into a root filesystem.</summary>
    /// <param name="rootfs">The root.</param>
    /// <param name="path">Where to.</param>
    public void Install(string rootfs, string path) => Host.Shell("cp \"$1\" \"$2$3\"", Path, rootfs, path);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
