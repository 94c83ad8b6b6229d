using Sampan.Registries.Tests.Harness;

namespace Sampan.EndToEnd.Registries;

/// <summary>
/// A Debian, as debootstrap makes it, with changes of every kind committed over it: pushed and pulled, saved and loaded it is the very tree that the
/// last container had, and what umoci unpacks.
/// </summary>
public sealed class DebianImageTests(RegistryHost registry) : IClassFixture<RegistryHost>, IDisposable
{
    private static readonly string[] Steps =
    [
        "rm -r /usr/share/doc",
        "cp -a /etc /opt/etc; echo more >>/etc/motd",
        "chmod 4711 /usr/bin/passwd; chown 12:34 /etc/issue; chmod 1777 /opt",
        "mv /usr/share/zoneinfo /srv/zones 2>/dev/null || mv /usr/share/perl5 /srv/perl5",
        "ln /bin/ls /usr/local/bin/ls; ln -s /etc/hostname /name; mkfifo /pipe",
        "rm -r /opt/etc; mkdir /opt/etc; echo new >/opt/etc/only",
        "rm -r /usr/share/locale; ln -s /nowhere /usr/share/locale",
        "truncate -s 10M /var/sparse; echo end >>/var/sparse; touch -d '2001-02-03 04:05:06' /etc/debian_version",
    ];

    // All but what an engine mounts; directories without their times, which depend on who made what in them.
    private const string Tree =
        """
        cd "$0"
        skip='( -path ./dev -o -path ./proc -o -path ./sys -o -path ./etc/hosts -o -path ./etc/hostname -o -path ./etc/resolv.conf ) -prune'
        find . $skip -o -type d -printf '%p d %m %U:%G\n' -o -printf '%p %y %m %U:%G %s %n %l %TY%Tm%Td%TH%TM%.2TS\n' | LC_ALL=C sort
        find . $skip -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
        """;

    private readonly ClientHost _host = new();
    private readonly ClientHost _other = new();

    public void Dispose()
    {
        _host.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Its_tree_is_the_same_wherever_it_goes()
    {
        Programs.Require("umoci", "umoci", "unpacks what was saved");
        var archive = Programs.Run(Path.Combine(Host.Repository, "eng/debian-root")).Trim();
        _host.Sampan("import", archive, "debian:0").ShouldSucceed();
        var tree = "";
        for (var step = 0; step < Steps.Length; step++)
        {
            var container = _host.Detached($"debian:{step}", "sleep", "1000");
            _host.Sampan("exec", container, "sh", "-c", Steps[step]).ShouldSucceed();
            tree = _host.Sampan("exec", container, "sh", "-c", Tree, "/").ShouldSucceed();
            _host.Sampan("commit", container, $"debian:{step + 1}").ShouldSucceed();
            _host.Sampan("rm", "-f", container).ShouldSucceed();
        }

        var image = $"debian:{Steps.Length}";
        tree.Split('\n').Length.ShouldBeGreaterThan(5_000);
        ShouldBe(tree, TreeIn(_host, image), "committed");

        var name = $"{registry.Address}/debian/steps:1";
        _host.Sampan("tag", image, name).ShouldSucceed();
        _host.Sampan("push", "-q", name).ShouldSucceed();
        _other.Sampan("pull", "-q", name).ShouldSucceed();
        _other.Inspect(name, "{{len .RootFS.Layers}} {{.Id}}").ShouldBe($"{Steps.Length + 1} {_host.Inspect(image, "{{.Id}}")}");
        ShouldBe(tree, TreeIn(_other, name), "pushed and pulled");
        _other.Sampan("rmi", name).ShouldSucceed();

        var saved = Path.Combine(_host.Folder, "saved.tar");
        _host.Sampan("save", "-o", saved, image).ShouldSucceed();
        _other.Sampan("load", "-i", saved).ShouldSucceed();
        ShouldBe(tree, TreeIn(_other, image), "saved and loaded");
        _other.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();

        var layout = Directory.CreateDirectory(Path.Combine(_host.Folder, "layout")).FullName;
        Host.Shell("\"${@:2}\" | tar -x -C \"$1\"", [layout, Host.Binary, .. _host.Arguments("save", "--format", "oci", image)]);
        Host.Shell("umoci --log=error unpack --image \"$1:$(umoci ls --layout \"$1\" | head -1)\" \"$2\"", layout, Path.Combine(_host.Folder, "unpacked"));
        ShouldBe(tree, Host.Shell("sh -c \"$1\" \"$2\"", Tree, Path.Combine(_host.Folder, "unpacked/rootfs")), "unpacked by umoci");
    }

    private static string TreeIn(ClientHost host, string image) => host.Sampan("run", "--rm", image, "sh", "-c", Tree, "/").ShouldSucceed();

    // The lines that differ say more than two trees do.
    private static void ShouldBe(string expected, string actual, string what)
    {
        var (there, here) = (expected.Split('\n'), actual.Split('\n'));
        there.Except(here).Take(10).ShouldBeEmpty(what);
        here.Except(there).Take(10).ShouldBeEmpty(what);
    }
}
