using Sampan.Compat.Cli;

namespace Sampan.Compat.Images;

/// <summary>An image of three layers that has what layers can have, made the same way in every engine, and what its files are in a container.</summary>
internal static class ExchangeCase
{
    /// <summary>The image's name.</summary>
    public const string Name = "exchange.example:5000/team/app:v1";

    /// <summary>Writes the lower of the two layers: links, owners, modes, times, a file of holes, a file of the base removed.</summary>
    public const string First = """
        mkdir -p /made/dir /made/gone; echo one > /made/file; ln /made/file /made/hard; ln -s file /made/soft; mkfifo /made/pipe
        echo old > /made/dir/old; echo x > /made/gone/x; truncate -s 3M /made/holes; printf end >> /made/holes; head -c 300000 /bin/busybox > /made/large
        chown 1:2 /made/dir; chmod 4755 /made/file; chmod 1777 /made/gone; touch -d '2001-02-03 04:05:06' /made/large; rm /etc/group
        """;

    /// <summary>Writes the upper one: a directory replaced, one removed, a name that changes what it is.</summary>
    public const string Second = "rm -r /made/dir /made/gone /made/soft; mkdir /made/dir /made/soft; echo new > /made/dir/new; echo two >> /made/file";

    /// <summary>Tells all of it.</summary>
    public const string Tell = "find /made | sort | while read -r f; do stat -c '%n %F %a %u:%g %h %s' $f; done | sed 's/^\\(.* directory .*\\) [0-9]*$/\\1/'; stat -c %Y /made/large; md5sum /made/file /made/large /made/holes; ls /made/dir; test -e /etc/group || echo none";

    /// <summary>The ways to pack an archive.</summary>
    public static TheoryData<string> Packers => ["cat", "gzip -c", "zstd -qc", "xz -1 -c", "bzip2 -c"];

    /// <summary>Asserts that Sampan takes an archive, from a file and from standard input, and that it is that image.</summary>
    /// <param name="archive">The archive, unpacked.</param>
    /// <param name="packer">What it is packed with.</param>
    /// <param name="told">What <see cref="Tell"/> said where the archive comes from.</param>
    /// <param name="id">The image's id there.</param>
    public static void ShouldLoad(string archive, string packer, string told, string id)
    {
        RuntimeUnderTest.Require("bzip2", "bzip2", "packs an archive");
        RuntimeUnderTest.Require("xz-utils", "xz", "packs an archive");
        RuntimeUnderTest.Require("zstd", "zstd", "packs an archive");
        using var sampan = new SampanHost();
        var folder = Path.GetDirectoryName(archive)!;
        foreach (var load in new[] { $"{packer} {archive} > packed; engine load -i packed", $"{packer} {archive} | engine load" })
        {
            sampan.Shell(load, folder).ShouldSucceed().ShouldBe("Loaded image: " + Name);
            sampan.Shell($"engine inspect -f '{{{{.Id}}}}' {Name}", folder).ShouldSucceed().ShouldBe(id);
            sampan.Shell($"engine run --rm {Name} sh -c \"$(cat tell)\"", folder).ShouldSucceed().ShouldBe(told);
            sampan.Shell($"engine rmi {Name}; engine system check", folder).ShouldSucceed();
        }
    }

    /// <summary>Makes the image in Sampan and saves it.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="format">docker or oci.</param>
    /// <returns>The image's id, and what <see cref="Tell"/> says.</returns>
    public static (string Id, string Told) Save(string folder, string format)
    {
        using var sampan = new SampanHost();
        Write(folder);
        sampan.Shell(
            $"""
            engine run --name one busybox sh -c "$(cat first)" && engine commit one half && engine run --name two half sh -c "$(cat second)" &&
            engine commit -c 'ENV A=b' two {Name} && engine save --format {format} -o ours.tar {Name}
            """,
            folder).ShouldSucceed();
        return (
            sampan.Shell($"engine inspect -f '{{{{.Id}}}}' {Name}", folder).ShouldSucceed(),
            sampan.Shell($"engine run --rm {Name} sh -c \"$(cat tell)\"", folder).ShouldSucceed());
    }

    /// <summary>Writes the scripts.</summary>
    /// <param name="folder">Where to.</param>
    public static void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "first"), First);
        File.WriteAllText(Path.Combine(folder, "second"), Second);
        File.WriteAllText(Path.Combine(folder, "tell"), Tell);
    }
}
