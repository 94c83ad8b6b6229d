using System.Globalization;

namespace Sampan.EndToEnd.House;

/// <summary>system df and what prune says it gave back agree with du(1), within a hundredth: of small files, hard links, holes and what images share.</summary>
public sealed class ReclaimTests : IDisposable
{
    private readonly BusyboxHost _host = new();

    public ReclaimTests()
    {
        // Four thousand files of a few bytes (a block each on most disks), 8 MB under four names, a tebibyte of holes, and 5 MB that is text.
        Host.Shell(
            """
            mkdir -p "$1/small" "$1/deep/er/still"; cd "$1"
            for i in $(seq 4000); do echo $i > small/$i; done
            head -c 8000000 /dev/urandom > linked; ln linked small/again; ln linked deep/er/again; ln linked deep/once-more
            truncate -s 1T holes; echo end >> holes; seq 700000 > text
            tar --sparse -C "$1" -cf "$1.tar" .; tar --sparse -C "$1" -czf "$1.tar.gz" .
            """,
            Tree);
    }

    private string Tree => Path.Combine(_host.Folder, "tree");

    [Fact]
    public void Df_says_what_du_says()
    {
        _host.Sampan("import", Tree + ".tar", "plain").ShouldSucceed();
        _host.Sampan("import", Tree + ".tar.gz", "packed").ShouldSucceed();
        _host.Sampan("run", "--name", "writer", "busybox", "sh", "-c", "head -c 3000000 /dev/urandom > /x; truncate -s 100M /y; ln /x /z").ShouldSucceed();
        _host.Sampan("commit", "writer", "upper").ShouldSucceed();
        _host.Sampan("rm", "writer").ShouldSucceed();

        ShouldAgree(_host.Sampan("system", "df", "--format", "{{.Type}} {{.Size}}").Lines[0].Split(' ')[1], Used(), "all images");
        _host.Sampan("system", "df", "--format", "{{.Type}} {{.Reclaimable}}").Lines[0].ShouldEndWith("(100%)");
        var rows = _host.Sampan("system", "df", "-v").Lines.Where(line => line.StartsWith("plain ") || line.StartsWith("packed ") || line.StartsWith("upper ") || line.StartsWith("busybox "))
            .ToDictionary(line => line.Split(' ')[0], line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

        // plain and packed have one layer between them, and a blob each.
        ShouldAgree(rows["plain"][4], Used(Content("plain")), "plain");
        ShouldAgree(rows["packed"][4], Used(Content("packed")), "packed");
        ShouldAgree(rows["packed"][6], Used(Content("packed").Except(Content("plain"))), "packed alone");
        ShouldAgree(rows["packed"][5], Used(Content("packed").Intersect(Content("plain"))), "shared");
        ShouldAgree(rows["upper"][6], Used(Content("upper").Except(Content("busybox"))), "upper alone");

        // What docker shows elsewhere is another number: bytes of the files, holes and all.
        _host.Sampan("images", "--format", "{{.Size}}", "plain").ShouldSucceed().ShouldBe("1.1TB");
    }

    [Fact]
    public void Prune_gives_back_what_it_says_and_rmi_all_of_it()
    {
        var empty = Used();
        _host.Sampan("import", Tree + ".tar", "plain").ShouldSucceed();
        _host.Sampan("import", Tree + ".tar.gz", "packed").ShouldSucceed();
        var full = Used();
        _host.Sampan("rmi", "plain").ShouldSucceed();
        Used(Content("packed")).ShouldBeLessThan(Used());
        _host.Sampan("image", "prune", "-f").ShouldSucceed().ShouldBe("Total reclaimed space: 0B");
        _host.Sampan("create", "--name", "user", "busybox").ShouldSucceed();

        var before = Used();
        var output = _host.Sampan("image", "prune", "-af").ShouldSucceed();

        output.ShouldStartWith("Deleted Images:\nuntagged: packed:latest\ndeleted: sha256:");
        ShouldAgree(output.Split('\n')[^1].Split(": ")[1], before - Used(), "image prune");
        Math.Abs(Used() - empty).ShouldBeLessThan(full / 200);
        _host.Sampan("images", "--format", "{{.Repository}}").ShouldSucceed().ShouldBe("busybox");

        _host.Sampan("import", Tree + ".tar").ShouldSucceed();
        before = Used();
        ShouldAgree(_host.Sampan("system", "prune", "-f").ShouldSucceed().Split('\n')[^1].Split(": ")[1], before - Used(), "system prune");
        Math.Abs(Used() - empty).ShouldBeLessThan(full / 200);
        _host.SampanWithInput("n\n", "image", "prune").ShouldSucceed().ShouldStartWith("WARNING! This will remove all dangling images.");
        _host.SampanWithInput("n\n", "image", "prune", "-a").ShouldSucceed().ShouldStartWith("WARNING! This will remove all images without at least one container associated to them.");
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
    }

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();

    private static void ShouldAgree(string shown, long measured, string what)
    {
        var digits = shown.TrimEnd('B', 'k', 'M', 'G', 'T');
        var unit = shown[digits.Length..] switch { "B" => 1, "kB" => 1e3, "MB" => 1e6, "GB" => 1e9, _ => throw new FormatException(shown) };
        var value = double.Parse(digits, CultureInfo.InvariantCulture) * unit;
        Math.Abs(value - measured).ShouldBeLessThanOrEqualTo((measured * 0.01) + 1, $"{what}: {shown} and {measured} bytes");
    }

    private long Used() => Used([Path.Combine(_host.Root, "blobs/sha256"), Path.Combine(_host.Root, "layers")]);

    private static long Used(IEnumerable<string> paths) => long.Parse(Host.Shell("du -c -s -B1 \"$@\" | tail -1 | cut -f1", [.. paths]), CultureInfo.InvariantCulture);

    private IEnumerable<string> Content(string image)
    {
        var manifest = _host.Sampan("images", "--no-trunc", "--format", "{{.Digest}}", image).ShouldSucceed();
        var document = File.ReadAllText(Blob(manifest));
        var digests = System.Text.RegularExpressions.Regex.Matches(document, "\"(sha256:[0-9a-f]{64})\"", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Groups[1].Value);
        var layers = _host.Sampan("inspect", "-f", "{{join .RootFS.Layers \" \"}}", image).ShouldSucceed().Split(' ');
        return [Blob(manifest), .. digests.Select(Blob), .. layers.Select(layer => Path.Combine(_host.Root, "layers", layer["sha256:".Length..]))];
    }

    private string Blob(string digest) => Path.Combine(_host.Root, "blobs/sha256", digest["sha256:".Length..]);
}
