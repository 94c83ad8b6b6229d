using System.Text.RegularExpressions;

namespace Sampan.Compat.Containerd;

/// <summary>The settings docs/scale-out.md tells a node to have are those its containerd understands.</summary>
public class DocumentTests
{
    [Fact]
    public void Containerd_reads_the_handler_as_the_page_means_it()
    {
        RuntimeUnderTest.Require("containerd", "containerd", "drives the runtime");
        var page = File.ReadAllText(Path.Combine(RuntimeUnderTest.Repository, "docs/scale-out.md"));
        using var version = new RunningCommand("containerd", ["--version"]);
        var major = Regex.Match(version.Wait().ShouldSucceed(), @" v?([12])\.\d+").Groups[1].Value;
        var example = Regex.Match(page, $@"### containerd {major}\.x.*?```toml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        example.ShouldNotBeEmpty();

        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, example);
            using var dump = new RunningCommand("containerd", ["--config", file, "config", "dump"]);
            var merged = dump.Wait().ShouldSucceed().Replace('\'', '"');
            var handler = Regex.Match(merged, @"\.containerd\.runtimes\.sampan\]\s(.*?)\.containerd\.runtimes\.sampan\.options\]\s([^\[]*)", RegexOptions.Singleline);
            handler.Groups[1].Value.ShouldContain("runtime_type = \"io.containerd.runc.v2\"");
            handler.Groups[2].Value.ShouldContain("BinaryName = \"/usr/local/bin/sampan-runtime\"");
            handler.Groups[2].Value.ShouldContain("SystemdCgroup = false");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
