using Sampan.Oci.Runtime;

namespace Sampan.Oci.Tests;

public sealed class RuntimeSpecTests
{
    [Fact]
    public void What_a_document_leaves_out_keeps_its_default()
    {
        var spec = RuntimeJson.RuntimeSpec.Parse("""{"process":{"args":["sh"]}}""").ShouldNotBeNull();
        spec.OciVersion.ShouldBeEmpty();
        spec.Process.ShouldNotBeNull().Cwd.ShouldBeEmpty();
        spec.Process.User.ShouldNotBeNull();
    }

    [Fact]
    public void Names_are_those_of_the_specification()
    {
        var spec = new RuntimeSpec
        {
            OciVersion = "1.2.0",
            Linux = new() { UidMappings = [new() { ContainerID = 1, HostID = 2, Size = 3 }], CgroupsPath = "/x" },
            Process = new() { OomScoreAdj = 5, NoNewPrivileges = true },
        };
        var text = RuntimeJson.RuntimeSpec.ToText(spec);
        text.ShouldContain("\"ociVersion\":\"1.2.0\"");
        text.ShouldContain("\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]");
        text.ShouldContain("\"oomScoreAdj\":5");
        text.ShouldContain("\"noNewPrivileges\":true");
        text.ShouldContain("\"cgroupsPath\":\"/x\"");
    }
}
