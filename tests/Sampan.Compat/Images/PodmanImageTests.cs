using Sampan.Compat.Podman;

namespace Sampan.Compat.Images;

/// <summary>What one of Sampan and podman saved the other loads as the same image.</summary>
[Collection(PodmanCollection.Name)]
public sealed class PodmanImageTests(PodmanHost host) : IDisposable
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(host.Folder, Guid.NewGuid().ToString("N"))).FullName;

    [Theory]
    [InlineData("docker", "cat")]
    [InlineData("docker", "gzip -c")]
    [InlineData("docker", "zstd -qc")]
    [InlineData("oci", "cat")]
    public void Podman_loads_what_was_saved(string format, string packer)
    {
        var (id, told) = ExchangeCase.Save(_folder, format);
        host.Shell($"cd {_folder} && {packer} ours.tar > packed");

        host.Podman("load", "-i", Path.Combine(_folder, "packed")).ShouldSucceed().ShouldContain(ExchangeCase.Name);

        ("sha256:" + host.Inspect(ExchangeCase.Name, "{{.Id}}")).ShouldBe(id);
        host.Podman("run", "--rm", ExchangeCase.Name, "sh", "-c", ExchangeCase.Tell).ShouldSucceed().ShouldBe(told);
    }

    [Theory]
    [InlineData("docker-archive", "cat")]
    [InlineData("docker-archive", "xz -1 -c")]
    [InlineData("oci-archive", "cat")]
    [InlineData("oci-archive", "zstd -qc")]
    [InlineData("oci-archive", "bzip2 -c")]
    public void What_podman_saved_is_loaded(string format, string packer)
    {
        ExchangeCase.Write(_folder);

        // One commit only: of an image whose base was loaded without a history podman 4.3 makes no other.
        host.Podman("run", "--name", "one", "busybox", "sh", "-c", $"{ExchangeCase.First}\n{ExchangeCase.Second}").ShouldSucceed();
        host.Podman("commit", "one", ExchangeCase.Name).ShouldSucceed();
        var told = host.Podman("run", "--rm", ExchangeCase.Name, "sh", "-c", ExchangeCase.Tell).ShouldSucceed();
        var archive = Path.Combine(_folder, "theirs.tar");
        host.Podman("save", "--format", format, "-o", archive, ExchangeCase.Name).ShouldSucceed();

        // podman writes the configuration anew in docker's format: the archive itself tells the id.
        var id = host.Shell($"skopeo inspect --raw {format}:{archive} | sed 's/.*\"config\":{{[^}}]*\"digest\":\"\\(sha256:[0-9a-f]*\\)\".*/\\1/'");
        ExchangeCase.ShouldLoad(archive, packer, told, id);
    }

    public void Dispose()
    {
        _ = host.Podman("rm", "-f", "-t", "0", "one");
        _ = host.Podman("rmi", "-f", ExchangeCase.Name);
        host.Shell($"rm -rf -- {_folder}");
    }
}
