using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Containers;

public sealed class ConfigMergeTests
{
    private static readonly ImageDefaults Image = new()
    {
        Cmd = ["icmd"],
        Entrypoint = ["iep"],
        Env = ["PATH=/bin", "A=image"],
        Labels = new Dictionary<string, string> { ["a"] = "image", ["b"] = "image" },
        User = "daemon",
        WorkingDir = "/srv",
        StopSignal = "SIGINT",
        Volumes = ["/data"],
    };

    [Theory]
    [InlineData(null, null, "iep icmd")]
    [InlineData(null, "ucmd", "iep ucmd")]
    [InlineData("uep", null, "uep")]
    [InlineData("uep", "ucmd", "uep ucmd")]
    [InlineData("", "ucmd", "ucmd")]
    public void Command_lines_are_merged_as_docker_does(string? entrypoint, string? command, string expected)
    {
        var merged = ConfigMerge.Merge(
            new ContainerConfig { Entrypoint = entrypoint is null ? null : [entrypoint], Cmd = command is null ? null : [command] }, Image);
        var (path, args) = ConfigMerge.CommandLine(merged);
        string.Join(' ', [path, .. args]).ShouldBe(expected);
    }

    [Fact]
    public void Without_a_command_there_is_nothing_to_run()
    {
        Should.Throw<SampanException>(() => ConfigMerge.Merge(new ContainerConfig(), ImageDefaults.None)).Message.ShouldBe("no command specified");
        Should.Throw<SampanException>(() => ConfigMerge.Merge(new ContainerConfig { Entrypoint = [""] }, Image)).Message.ShouldBe("no command specified");
    }

    [Fact]
    public void What_the_user_leaves_open_the_image_fills()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig(), Image);
        (merged.User, merged.WorkingDir, merged.StopSignal).ShouldBe(("daemon", "/srv", "SIGINT"));
        merged.Env.ShouldBe(Image.Env);
        merged.Volumes!.Keys.ShouldBe(["/data"]);
    }

    [Fact]
    public void What_the_user_says_stands()
    {
        var merged = ConfigMerge.Merge(
            new ContainerConfig
            {
                User = "1000",
                WorkingDir = "/",
                StopSignal = "9",
                Env = ["A=user", "EMPTY"],
                Labels = new Dictionary<string, string> { ["a"] = "user" },
            },
            Image);
        (merged.User, merged.WorkingDir, merged.StopSignal).ShouldBe(("1000", "/", "9"));
        merged.Env.ShouldBe(["A=user", "EMPTY", "PATH=/bin"]);
        merged.Labels["a"].ShouldBe("user");
        merged.Labels["b"].ShouldBe("image");
    }
}
