using Sampan.Engine.Specs;
using Sampan.Linux.Files;

namespace Sampan.Engine.Tests.Specs;

public sealed class NameFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sampan-names-").FullName;

    public void Dispose() => Directory.Delete(_directory, true);

    [Fact]
    public void TheThreeFilesAreWrittenInPlace()
    {
        NameFiles.Write(_directory, new() { Hostname = "box" }, new() { ExtraHosts = ["db:10.0.0.1"], Dns = ["1.1.1.1"] });
        File.ReadAllText(_directory + "/hostname").ShouldBe("box\n");
        File.ReadAllText(_directory + "/hosts").ShouldEndWith("10.0.0.1\tdb\n");
        File.ReadAllText(_directory + "/resolv.conf").ShouldContain("nameserver 1.1.1.1\n");
        NameFiles.Write(_directory, new() { Hostname = "b" }, new() { NetworkMode = "host" });
        File.ReadAllText(_directory + "/hostname").ShouldBe("b\n");
        File.ReadAllText(_directory + "/hosts").ShouldBe(File.ReadAllText("/etc/hosts"));
        FileDescriptor.TryStatus(_directory + "/hosts")!.Value.Permissions.ShouldBe(0x1A4);
    }
}
