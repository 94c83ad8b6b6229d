using System.Globalization;

namespace Sampan.Compat.Cli;

/// <summary>docker's client on this machine.</summary>
public static class DockerClient
{
    private const int Oldest = 28;

    private static readonly int Major = ReadMajor();

    /// <summary>Skips a test whose words are those of another client: Debian's is of version 20.</summary>
    public static void RequireWords() => Assert.SkipUnless(Major >= Oldest, $"docker's client is of version {Major}: the tables have the words of {Oldest}");

    private static int ReadMajor()
    {
        RuntimeUnderTest.Require("docker.io", "docker", "is compared with");
        using var command = new RunningCommand("docker", ["--version"]);
        command.CloseInput();

        // "Docker version 28.2.2, build e6534b4".
        return int.Parse(command.Wait().ShouldSucceed().Split(' ')[2].Split('.')[0], CultureInfo.InvariantCulture);
    }
}
