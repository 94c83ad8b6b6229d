using System.Diagnostics;
using System.Text;
using Sampan.Linux.Processes;

namespace Sampan.Linux.Tests.Processes;

public sealed class PipedProgramTests
{
    [Fact]
    public void Reads_and_writes_at_once_whatever_the_size()
    {
        var input = new byte[1 << 20];
        new Random(1).NextBytes(input);
        var (code, output) = PipedProgram.Run("cat", [], input, 2 << 20, TestContext.Current.CancellationToken);
        code.ShouldBe(0);
        output.ShouldBe(input);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("exec <&-; printf no", 0)]
    public void Tells_how_it_ended(string script, int code) => Shell(script, new byte[200_000]).Code.ShouldBe(code);

    [Fact]
    public void Arguments_and_environment_arrive()
    {
        Environment.SetEnvironmentVariable("SAMPAN_PIPED", "a b");
        Text(PipedProgram.Run("sh", ["-c", "printf '%s|%s|%s' \"$SAMPAN_PIPED\" \"$0\" \"$1\"", "é", ""], [], 100, TestContext.Current.CancellationToken)).ShouldBe("a b|é|");
    }

    /// <summary>.NET ignores SIGPIPE: a program that writes to nobody would not end.</summary>
    [Fact]
    public void A_signal_this_process_ignores_is_not_ignored_there() => Shell("yes | head -1 >/dev/null; kill -PIPE $$; echo alive").Code.ShouldBe(128 + 13);

    [Fact]
    public void One_that_is_nowhere_is_named()
    {
        var error = Should.Throw<LinuxException>(() => PipedProgram.Run("sampan-is-not-there", [], [], 1, TestContext.Current.CancellationToken));
        error.Errno.ShouldBe(Errno.ENOENT);
        error.Target.ShouldBe("sampan-is-not-there");
    }

    [Fact]
    public void Too_much_output_ends_it() => Should.Throw<SampanException>(() => PipedProgram.Run("yes", [], [], 10_000, TestContext.Current.CancellationToken)).Message.ShouldBe("a program wrote more than 10000 bytes");

    [Fact]
    public void Cancelling_kills_it()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var watch = Stopwatch.StartNew();
        Should.Throw<OperationCanceledException>(() => PipedProgram.Run("sleep", ["600"], [], 1, cancellation.Token));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }

    private static (int Code, byte[] Output) Shell(string script, byte[]? input = null) => PipedProgram.Run("sh", ["-c", script], input ?? [], 10_000, TestContext.Current.CancellationToken);

    private static string Text((int Code, byte[] Output) result) => Encoding.UTF8.GetString(result.Output);
}
