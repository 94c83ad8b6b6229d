using Sampan.Compat.Docker;

namespace Sampan.Compat.Images;

/// <summary>What one of Sampan and docker saved the other loads as the same image.</summary>
[Collection(DockerCollection.Name)]
public sealed class DockerImageTests(DockerHost host) : IDisposable
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(host.Folder, Guid.NewGuid().ToString("N"))).FullName;

    [Theory]
    [InlineData("cat")]
    [InlineData("gzip -c")]
    [InlineData("bzip2 -c")]
    [InlineData("xz -1 -c")]
    public void Docker_loads_what_was_saved(string packer)
    {
        var (id, told) = ExchangeCase.Save(_folder, "docker");
        host.Shell($"cd {_folder} && {packer} ours.tar > packed");

        host.Docker("load", "-i", Path.Combine(_folder, "packed")).ShouldSucceed().ShouldContain("Loaded image: " + ExchangeCase.Name);

        host.Inspect(ExchangeCase.Name, "{{.Id}}").ShouldBe(id);
        host.Inspect(ExchangeCase.Name, "{{join .Config.Env \" \"}}").ShouldContain("A=b");
        host.Docker("run", "--rm", ExchangeCase.Name, "sh", "-c", ExchangeCase.Tell).ShouldSucceed().ShouldBe(told);
    }

    [Theory]
    [MemberData(nameof(ExchangeCase.Packers), MemberType = typeof(ExchangeCase))]
    public void What_docker_saved_is_loaded(string packer)
    {
        ExchangeCase.Write(_folder);
        host.Docker("run", "--name", "one", "busybox", "sh", "-c", ExchangeCase.First).ShouldSucceed();
        host.Docker("commit", "one", "half").ShouldSucceed();
        host.Docker("run", "--name", "two", "half", "sh", "-c", ExchangeCase.Second).ShouldSucceed();
        var id = host.Docker("commit", "two", ExchangeCase.Name).ShouldSucceed();
        var told = host.Docker("run", "--rm", ExchangeCase.Name, "sh", "-c", ExchangeCase.Tell).ShouldSucceed();
        var archive = Path.Combine(_folder, "theirs.tar");
        host.Docker("save", "-o", archive, ExchangeCase.Name).ShouldSucceed();

        ExchangeCase.ShouldLoad(archive, packer, told, id);
    }

    public void Dispose()
    {
        _ = host.Docker("rm", "-f", "one", "two");
        _ = host.Docker("rmi", "-f", ExchangeCase.Name, "half");
        host.Shell($"rm -rf -- {_folder}");
    }
}
