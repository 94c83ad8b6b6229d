namespace Sampan.EndToEnd.Registries;

/// <summary>A host with a configuration of registries and a user's logins of its own.</summary>
public class ClientHost : Host
{
    /// <summary>Makes a configuration that keeps it from registries outside this machine.</summary>
    public ClientHost()
    {
        Directory.CreateDirectory(Configuration);
        Configure("");
        File.WriteAllText(Path.Combine(Configuration, "networks.json"), """{"bridge": "none"}""");
    }

    /// <summary>In place of /etc/sampan.</summary>
    public string Configuration => Path.Combine(Folder, "etc");

    /// <summary>The user's logins.</summary>
    public string Logins => Path.Combine(Folder, "docker/config.json");

    /// <inheritdoc/>
    protected override IReadOnlyList<KeyValuePair<string, string>> Variables =>
        [new("SAMPAN_CONFIG", Configuration), new("DOCKER_CONFIG", Path.GetDirectoryName(Logins)!)];

    /// <summary>Replaces the configuration of registries.</summary>
    /// <param name="rules">Besides the rule that blocks docker.io, unless they have one for it.</param>
    public void Configure(string rules) => File.WriteAllText(
        Path.Combine(Configuration, "registries.toml"),
        rules.Contains("docker.io") ? rules : rules + "\n[[registry]]\nlocation = \"docker.io\"\nblocked = true\n");

    /// <summary>Makes the image busybox:latest.</summary>
    public void MakeBusybox() => Shell("\"$1\" \"$2\" \"$3\" \"$4\"", Path.Combine(Repository, "eng/busybox-image"), Binary, Root, State);

    /// <summary>Makes an image of busybox and of layers of noise, each a file /0, /1 ...</summary>
    /// <param name="name">The image's name.</param>
    /// <param name="layers">Bytes of each file.</param>
    public void MakeImage(string name, params int[] layers)
    {
        var from = "busybox";
        for (var index = 0; index < layers.Length; index++)
        {
            var file = Path.Combine(Folder, "noise");
            Shell("head -c \"$1\" /dev/urandom >\"$2\"", layers[index].ToString(), file);
            var container = Sampan("create", from, "true").ShouldSucceed();
            Sampan("cp", file, $"{container}:/{index}").ShouldSucceed();
            Sampan("commit", container, name).ShouldSucceed();
            Sampan("rm", container).ShouldSucceed();
            from = name;
        }
    }

    /// <summary>A field of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="format">inspect's format.</param>
    public string Inspect(string image, string format) => Sampan("image", "inspect", "-f", format, image).ShouldSucceed();
}
