using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sampan.Compat.Harness;

/// <summary>busybox:latest as docker save writes it (docker-archive), made from the distribution's static busybox.</summary>
public static class ImageArchive
{
    private const string Busybox = "/bin/busybox";

    private const string Accounts = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\nalice:x:1000:1000:alice:/home:/bin/sh\n";

    private const string AccountGroups = "root:x:0:\nnogroup:x:65534:\nalice:x:1000:\ncrew:x:2000:alice\n";

    /// <summary>Writes the archive.</summary>
    /// <param name="path">The file to make.</param>
    /// <param name="mark">Is in a file of the layer, which nobody else has then; empty for none.</param>
    public static void Write(string path, string mark = "")
    {
        RuntimeUnderTest.Require("busybox-static", "busybox", "is the userland of the containers");
        var layer = Layer(mark);
        var id = Convert.ToHexStringLower(SHA256.HashData(layer));
        var configuration = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64",
            os = "linux",
            created = "2024-01-01T00:00:00Z",
            config = new { Env = new[] { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" }, Cmd = new[] { "sh" } },
            rootfs = new { type = "layers", diff_ids = new[] { "sha256:" + id } },
        });
        var configurationName = Convert.ToHexStringLower(SHA256.HashData(configuration)) + ".json";
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            new { Config = configurationName, RepoTags = new[] { "docker.io/library/busybox:latest" }, Layers = new[] { id + "/layer.tar" } },
        });

        using var writer = new TarWriter(File.Create(path), TarEntryFormat.Ustar);
        AddFile(writer, configurationName, configuration);
        AddFile(writer, id + "/layer.tar", layer);
        AddFile(writer, "manifest.json", manifest);
    }

    private static byte[] Layer(string mark)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var folder in new[] { "bin", "dev", "etc", "home", "proc", "root", "sys" })
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b111_101_101 });
            }

            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "tmp") { Mode = (UnixFileMode)0b001_111_111_111 });
            AddFile(writer, "etc/passwd", Encoding.ASCII.GetBytes(Accounts));
            AddFile(writer, "etc/group", Encoding.ASCII.GetBytes(AccountGroups));
            if (mark.Length > 0)
            {
                AddFile(writer, "etc/mark", Encoding.ASCII.GetBytes(mark));
            }

            AddFile(writer, "bin/busybox", File.ReadAllBytes(Busybox), 0b111_101_101);
            using var list = new RunningCommand(Busybox, ["--list"]);
            foreach (var applet in list.Wait().ShouldSucceed().Split('\n').Where(applet => applet != "busybox"))
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "bin/" + applet) { LinkName = "busybox" });
            }
        }

        return bytes.ToArray();
    }

    private static void AddFile(TarWriter writer, string name, byte[] content, int mode = 0b110_100_100) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { Mode = (UnixFileMode)mode, DataStream = new MemoryStream(content) });
}
