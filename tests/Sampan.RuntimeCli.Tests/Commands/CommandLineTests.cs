using Sampan.Linux.Files;
using Sampan.RuntimeCli.Commands;

namespace Sampan.RuntimeCli.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sampan-runtime-").FullName;

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    public void An_id_that_could_be_a_path_is_refused(string id) => Run("state", id).Error.ShouldContain("invalid container ID format");

    [Fact]
    public void An_unknown_container_is_named_as_engines_expect_it()
    {
        var (exitCode, _, error) = Run("state", "nobody");
        exitCode.ShouldBe(1);
        error.ShouldContain("level=error msg=\"container does not exist\"");
        Run("kill", "nobody", "BOGUS").Error.ShouldContain("container does not exist");
        Run("delete", "--force", "nobody").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Errors_go_to_the_log_as_json_and_to_standard_error_as_text()
    {
        var log = Path.Combine(_directory, "log");
        Run("--log", log, "--log-format", "json", "start", "nobody").Error.ShouldBe("container does not exist\n");
        File.ReadAllText(log).ShouldStartWith("{\"level\":\"error\",\"msg\":\"container does not exist\",\"time\":\"");
    }

    [Fact]
    public void Wrong_numbers_of_arguments_are_refused()
    {
        Run("start").Error.ShouldContain("\\\"start\\\" requires exactly 1 argument(s)");
        Run("kill", "a", "b", "c").Error.ShouldContain("requires a maximum of 2 argument(s)");
        Run("--log-format", "xml", "list").Error.ShouldContain("invalid log-format: xml");
        Run("bogus").ExitCode.ShouldBe(1);
    }

    [Fact]
    public void Help_is_of_a_command_where_one_is_named()
    {
        var help = Run("events", "--help").Out;
        help.ShouldContain("--interval value");
        help.ShouldContain("set the stats collection interval (default: 5s)");
        help.ShouldContain("--help, -h");
        Run("help", "events").Out.ShouldBe(help);
        Run("h", "events").Out.ShouldBe(help);
        Run("events", "-help").Out.ShouldBe(help);
        Run("help").Out.ShouldContain("GLOBAL OPTIONS:");
        Run("help", "bogus").Error.ShouldContain("no help topic for 'bogus'");
    }

    // runc's flags are those of Go's flag package, where one dash does what two do.
    [Fact]
    public void A_name_may_have_one_dash()
    {
        Run("spec", "-bundle", _directory).ExitCode.ShouldBe(0);
        File.Exists(Path.Combine(_directory, "config.json")).ShouldBeTrue();
        Run("-log-format=xml", "list").Error.ShouldContain("invalid log-format: xml");
        Run("list", "-q").ExitCode.ShouldBe(0);
        Run("list", "-format").Error.ShouldContain("flag needs an argument: -format");
    }

    [Fact]
    public void A_new_specification_is_one_and_is_not_written_over()
    {
        Run("spec", "--bundle", _directory).ExitCode.ShouldBe(0);
        File.ReadAllText(Path.Combine(_directory, "config.json")).ShouldStartWith("{\n\t\"ociVersion\": \"1.2.0\",");
        Run("spec", "--bundle", _directory).Error.ShouldContain("File config.json exists. Remove it first");
    }

    public void Dispose() => FileTree.Remove(_directory);

    private (int ExitCode, string Out, string Error) Run(params string[] words)
    {
        var code = 0;
        var texts = new string[2];
        using (var output = Open("out"))
        using (var error = Open("error"))
        using (var standardOut = new TextOutput(output.Number))
        using (var standardError = new TextOutput(error.Number))
        {
            code = new CommandLine(standardOut, standardError).Run(["--root", Path.Combine(_directory, "root"), .. words]);
            standardOut.Flush();
            standardError.Flush();
            texts[0] = File.ReadAllText(Path.Combine(_directory, "out"));
            texts[1] = File.ReadAllText(Path.Combine(_directory, "error"));
        }

        return (code, texts[0], texts[1]);
    }

    private FileDescriptor Open(string name) =>
        FileDescriptor.Open(Path.Combine(_directory, name), OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Truncate, 0x180);
}
