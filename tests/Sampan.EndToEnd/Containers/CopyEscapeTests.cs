using Sampan.EndToEnd.Runtime.Escapes;

namespace Sampan.EndToEnd.Containers;

/// <summary>cp against a container that swaps names meanwhile (CVE-2018-15664, GHSA-rg2x-37c3-w2rh) and brings programs (CVE-2019-14271, GHSA-x86f-5xw2-fm2r).</summary>
public sealed class CopyEscapeTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Copies = 150;

    [Fact]
    public void A_link_swapped_during_the_copy_leads_nowhere()
    {
        using var canary = new Canary(host.Folder);
        var volume = Path.Combine(host.Folder, "volume");
        Host.Shell("mkdir -p \"$1/place/deep\"; echo inside > \"$1/place/file\"; echo inside > \"$1/place/deep/file\"; ln -s \"$2\" \"$1/link\"", volume, canary.Folder);
        var source = Path.Combine(host.Folder, "source");
        Host.Shell("mkdir -p \"$1/inner/deep\"; echo new > \"$1/inner/deep/file\"; echo new > \"$1/inner/file\"; ln \"$1/inner/file\" \"$1/inner/second\"", source);
        var id = host.Detached("-v", volume + ":/v", "busybox", "sleep", "1000");
        var out1 = Path.Combine(host.Folder, "out");
        using (var racer = new Racer(host.Folder, Path.Combine(volume, "place"), Path.Combine(volume, "link")))
        {
            for (var copy = 0; copy < Copies; copy++)
            {
                Directory.CreateDirectory(out1);
                _ = host.Sampan("cp", id + ":/v/place/file", out1);
                _ = host.Sampan("cp", id + ":/v/place/", out1);
                _ = host.Sampan("cp", "-L", id + ":/v/place", out1);
                Host.Shell("! grep -rqs alive \"$1\"", out1);
                _ = host.Sampan("cp", Path.Combine(source, "inner"), id + ":/v/place");
                _ = host.Sampan("cp", Path.Combine(source, "inner/."), id + ":/v/place");
                _ = host.Sampan("cp", Path.Combine(source, "inner/file"), id + ":/v/place/deep/file");
                Directory.Delete(out1, recursive: true);
            }

            racer.ShouldHaveRun(Copies);
        }

        canary.ShouldBeUntouched();
    }

    [Fact]
    public void Links_in_an_archive_and_in_the_container_end_inside()
    {
        using var canary = new Canary(host.Folder);
        var id = host.Detached("busybox", "sh", "-c", $"ln -s {canary.Folder} /out; ln -s ../../../../../../../../{canary.Folder} /up; ln -s /run /var/run; mkdir /run; touch /ready; exec sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/ready").ExitCode == 0, "the links are there");
        var file = Path.Combine(host.Folder, "some");
        File.WriteAllText(file, "some");
        host.Sampan("cp", file, id + ":/out/x").ShouldFail(1, "Could not find");
        host.Sampan("cp", file, id + ":/up/x").ShouldFail(1, "Could not find");
        host.Sampan("cp", file, id + ":/var/run/x").ShouldSucceed();
        host.Sampan("exec", id, "cat", "/run/x").ShouldSucceed().ShouldBe("some");
        var archive = Path.Combine(host.Folder, "hostile.tar");
        File.WriteAllBytes(archive, new TarFile().Link("l", canary.Folder).File("l/file", "dead").ToArray());
        var command = string.Join(' ', host.Arguments().Select(argument => $"'{argument}'"));
        Host.Shell($"'{Host.Binary}' {command} cp - {id}:/tmp < \"$1\" || true", archive);
        File.WriteAllBytes(archive, new TarFile().File("../../../../../../" + canary.Folder + "/file", "dead").ToArray());
        Host.Shell($"! '{Host.Binary}' {command} cp - {id}:/tmp < \"$1\" 2>/dev/null", archive);
        canary.ShouldBeUntouched();
    }

    [Fact]
    public void Nothing_of_the_container_is_executed_or_loaded()
    {
        var id = host.Detached(
            "busybox", "sh", "-c",
            "mkdir -p /usr/bin /lib/x86_64-linux-gnu /etc; for f in /usr/bin/xz /usr/bin/unpigz /usr/bin/gzip /bin/tar /lib/x86_64-linux-gnu/libnss_files.so.2; do rm -f $f; printf '#!/bin/sh\\ntouch /run-by-engine\\n' > $f; chmod 755 $f; done; touch /ready; exec sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/ready").ExitCode == 0, "the programs are there");
        var command = string.Join(' ', host.Arguments().Select(argument => $"'{argument}'"));
        var trace = Path.Combine(host.Folder, "trace");
        Host.Shell($"echo x > \"$1.file\"; tar czf \"$1.tgz\" -C / etc/hostname; '{Host.Binary}' {command} cp - {id}:/tmp < \"$1.tgz\"; '{Host.Binary}' {command} cp \"$1.file\" {id}:/tmp; '{Host.Binary}' {command} cp {id}:/usr \"$1.usr\"", trace);
        host.Sampan("exec", id, "test", "-e", "/run-by-engine").ExitCode.ShouldBe(1);
    }
}
