namespace Sampan.EndToEnd.Harness;

/// <summary>A host that has the image busybox:latest, made as the launcher makes it.</summary>
public sealed class BusyboxHost : Host
{
    /// <summary>Makes the image.</summary>
    public BusyboxHost()
    {
        Shell("\"$1\" \"$2\" \"$3\" \"$4\"", Path.Combine(Repository, "eng/busybox-image"), Binary, Root, State);
    }

    /// <summary>Runs a shell script in a new container and asserts success.</summary>
    /// <param name="script">The script for /bin/sh.</param>
    /// <param name="options">Options of run.</param>
    public string Run(string script, params string[] options) =>
        Sampan(["run", "--rm", .. options, "busybox", "sh", "-c", script]).ShouldSucceed();

    /// <summary>Unpacks the image's tree into a folder, for tests that need a root filesystem of their own.</summary>
    public string MakeRootFilesystem(string name)
    {
        var folder = Path.Combine(Folder, name);
        Directory.CreateDirectory(folder);
        foreach (var layer in Inspect("busybox").GetProperty("RootFS").GetProperty("Layers").EnumerateArray())
        {
            Shell("cp -a \"$1\"/. \"$2\"", Path.Combine(Root, "layers", layer.GetString()!.Replace("sha256:", "")), folder);
        }

        return folder;
    }
}
