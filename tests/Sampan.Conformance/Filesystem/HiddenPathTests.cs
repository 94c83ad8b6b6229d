namespace Sampan.Conformance.Filesystem;

/// <summary>config-linux.md, "Masked Paths" and "Readonly Paths".</summary>
public class HiddenPathTests : StatementTest
{
    [Fact]
    [Statement("config-linux.md#masked-paths", "a masked file cannot be read: it is empty")]
    public void A_file_is_masked() => Output(With("maskedPaths", "/secret/file", "cat /secret/file 2>/dev/null | wc -c")).ShouldBe("0");

    [Fact]
    [Statement("config-linux.md#masked-paths", "a masked folder cannot be read: it is empty")]
    public void A_folder_is_masked() => Output(With("maskedPaths", "/secret", "ls -A /secret 2>/dev/null | wc -l")).ShouldBe("0");

    [Fact]
    [Statement("config-linux.md#masked-paths", "a masked folder cannot be written to")]
    public void A_masked_folder_is_read_only() => Output(With("maskedPaths", "/secret", "touch /secret/new 2>/dev/null || echo refused")).ShouldBe("refused");

    [Fact]
    [Statement("config-linux.md#masked-paths", "a file of /proc can be masked")]
    public void A_file_of_proc_is_masked() => Output(With("maskedPaths", "/proc/version", "cat /proc/version 2>/dev/null | wc -c")).ShouldBe("0");

    [Fact]
    [Statement("config-linux.md#masked-paths", "a masked path that is not there is no error")]
    public void A_missing_one_is_fine() => Output(With("maskedPaths", "/nowhere/to/be/found", "echo fine")).ShouldBe("fine");

    [Fact]
    [Statement("config-linux.md#masked-paths", "masking is for inside: the host's file is as it was")]
    public void The_hosts_file_stays()
    {
        var container = Create(With("maskedPaths", "/secret/file", "read line"));
        File.ReadAllText(container.Bundle.In("secret/file")).ShouldBe("secret");
    }

    [Fact]
    [Statement("config-linux.md#masked-paths", "the container cannot unmask without CAP_SYS_ADMIN")]
    public void It_cannot_be_unmasked() => Output(With("maskedPaths", "/secret/file", "umount /secret/file 2>/dev/null || echo refused")).ShouldBe("refused");

    [Fact]
    [Statement("config-linux.md#readonly-paths", "a readonly folder cannot be written to")]
    public void A_folder_is_read_only() => Output(With("readonlyPaths", "/secret", "touch /secret/new 2>/dev/null || echo refused")).ShouldBe("refused");

    [Fact]
    [Statement("config-linux.md#readonly-paths", "a readonly file cannot be written to, and can be read")]
    public void A_file_is_read_only() => Output(With("readonlyPaths", "/secret/file", "(echo new >/secret/file) 2>/dev/null || cat /secret/file")).ShouldBe("secret");

    [Fact]
    [Statement("config-linux.md#readonly-paths", "a folder of /proc can be made readonly")]
    public void A_folder_of_proc_is_read_only() =>
        Output(With("readonlyPaths", "/proc/sys", "(echo new >/proc/sys/kernel/hostname) 2>/dev/null || echo refused").Capability("CAP_SYS_ADMIN")).ShouldBe("refused");

    [Fact]
    [Statement("config-linux.md#readonly-paths", "a readonly path that is not there is no error")]
    public void A_missing_read_only_one_is_fine() => Output(With("readonlyPaths", "/nowhere/to/be/found", "echo fine")).ShouldBe("fine");

    [Fact]
    [Statement("config-linux.md#readonly-paths", "the mount options of a path that becomes readonly stay: nosuid, nodev, noexec")]
    [Differs("crun 1.8.1", "loses them")]
    public void Its_options_stay()
    {
        var bundle = Script("sed -n 's/.* \\/new \\([^ ]*\\) .*/\\1/p' /proc/self/mountinfo | tail -1").Mount("/new", "tmpfs", "tmpfs", "nosuid", "nodev", "noexec");
        bundle.Linux["readonlyPaths"] = Json.Parse("""["/new"]""");
        var options = Output(bundle).Split(',');
        foreach (var option in (string[])["ro", "nosuid", "nodev", "noexec"])
        {
            options.ShouldContain(option);
        }
    }

    [Theory]
    [InlineData("maskedPaths")]
    [InlineData("readonlyPaths")]
    [Statement("config-linux.md#masked-paths", "a relative path in {0} does not silently protect nothing: it is an error, or means the path below /")]
    public void A_relative_path_protects(string property)
    {
        var result = Run(With(property, "secret/file", "(echo new >/secret/file) 2>/dev/null && cat /secret/file"));
        result.Text.ShouldNotContain("new");
    }

    private Bundle With(string property, string path, string script)
    {
        var bundle = Script(script);
        Directory.CreateDirectory(bundle.In("secret"));
        File.WriteAllText(bundle.In("secret/file"), "secret");
        bundle.Linux[property] = new JsonArray(path);
        return bundle;
    }
}
