namespace Sampan.Compat.Cli.Page;

/// <summary>The page says what is.</summary>
public sealed class PageTests
{
    /// <summary>It is what would be written now. SAMPAN_RECORD=page writes it.</summary>
    [Fact]
    public void It_is_up_to_date()
    {
        DockerClient.RequireWords();
        var binary = Path.Combine(RuntimeUnderTest.Repository, ".build/bin/sampan");
        var page = new CompatibilityPage(new(words => Run("docker", words)), new(words => Run(binary, words)), name => Run(binary, [name])).Write(CaseFile.ReadAll());
        if (Environment.GetEnvironmentVariable("SAMPAN_RECORD") == "page")
        {
            File.WriteAllText(CompatibilityPage.File, page);
        }

        File.ReadAllText(CompatibilityPage.File).ShouldBe(page, "docs/compatibility.md is stale: run this test with SAMPAN_RECORD=page");
    }

    private static CommandResult Run(string program, string[] words)
    {
        using var command = new RunningCommand(program, words, [new("DOCKER_HOST", "unix:///nowhere"), new("DOCKER_CONFIG", "/nowhere")]);
        command.CloseInput();
        return command.Wait();
    }
}
