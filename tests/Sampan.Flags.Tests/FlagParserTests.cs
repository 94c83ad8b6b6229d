namespace Sampan.Flags.Tests;

public sealed class FlagParserTests
{
    private readonly FlagSet _flags = new();
    private readonly Switch _interactive;
    private readonly Switch _tty;
    private readonly Switch _remove;
    private readonly ListFlag _env;
    private readonly ValueFlag<string> _name;
    private readonly ValueFlag<long> _shares;
    private readonly ValueFlag<long> _memory;
    private bool _help;

    public FlagParserTests()
    {
        _interactive = _flags.Switch("interactive", 'i', "");
        _tty = _flags.Switch("tty", 't', "");
        _remove = _flags.Switch("rm", '\0', "");
        _env = _flags.List("env", 'e', "");
        _name = _flags.Text("name", '\0', "");
        _shares = _flags.Number("cpu-shares", 'c', "");
        _memory = _flags.Bytes("memory", 'm', "");
        _flags.Alias("name", _name);
        _flags.Alias("cpushare", _shares);
        _flags.Alias("mem", _memory);
        _flags.Unsupported("p/publish");
    }

    [Theory]
    [InlineData("-it busybox sh")]
    [InlineData("-ti busybox sh")]
    [InlineData("-i -t busybox sh")]
    [InlineData("--interactive --tty busybox sh")]
    [InlineData("-i=true -t=1 busybox sh")]
    [InlineData("--tty=T -i busybox sh")]
    public void Switches_cluster(string line)
    {
        Parse(line).ShouldBe(["busybox", "sh"]);
        _interactive.Value.ShouldBeTrue();
        _tty.Value.ShouldBeTrue();
    }

    [Theory]
    [InlineData("-eA=1")]
    [InlineData("-e A=1")]
    [InlineData("-e=A=1")]
    [InlineData("--env A=1")]
    [InlineData("--env=A=1")]
    [InlineData("-iteA=1")]
    [InlineData("-ite A=1")]
    public void A_value_may_be_joined_or_apart(string line)
    {
        Parse(line).ShouldBeEmpty();
        _env.Values.ShouldBe(["A=1"]);
    }

    [Fact]
    public void A_list_keeps_its_order()
    {
        Parse("-e A=1 --env B=2 -eC=3");
        _env.Values.ShouldBe(["A=1", "B=2", "C=3"]);
    }

    [Fact]
    public void The_first_argument_ends_the_flags()
    {
        Parse("-i busybox ls -e --rm").ShouldBe(["busybox", "ls", "-e", "--rm"]);
        _remove.Value.ShouldBeFalse();
    }

    [Fact]
    public void Elsewhere_flags_may_follow_arguments()
    {
        Parse("a --rm b -- -i", interspersed: true).ShouldBe(["a", "b", "-i"]);
        _remove.Value.ShouldBeTrue();
        _interactive.Value.ShouldBeFalse();
    }

    [Fact]
    public void Two_dashes_end_the_flags() => Parse("-i -- --rm").ShouldBe(["--rm"]);

    [Fact]
    public void One_dash_is_an_argument() => Parse("- x").ShouldBe(["-", "x"]);

    [Fact]
    public void A_switch_takes_a_value_only_with_an_equals_sign()
    {
        Parse("--rm false").ShouldBe(["false"]);
        _remove.Value.ShouldBeTrue();
        Parse("--rm=false").ShouldBeEmpty();
        _remove.Value.ShouldBeFalse();
    }

    [Theory]
    [InlineData("-name box", "box")]
    [InlineData("-name=box", "box")]
    [InlineData("--name box", "box")]
    public void The_tutorials_put_one_dash_before_long_names(string line, string expected)
    {
        Parse(line);
        _name.Value.ShouldBe(expected);
    }

    [Fact]
    public void The_tutorials_shorten_names()
    {
        Parse("-m 100m -cpushare 512 busybox top -b").ShouldBe(["busybox", "top", "-b"]);
        _shares.Value.ShouldBe(512);
        _memory.Value.ShouldBe(100L << 20);
        Parse("--mem=64m busybox");
        _memory.Value.ShouldBe(64L << 20);
        Parse("-c 7 b");
        _shares.Value.ShouldBe(7);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-ih")]
    public void Help_stops_the_parsing(string line)
    {
        Parse(line + " --nonsense");
        _help.ShouldBeTrue();
    }

    [Theory]
    [InlineData("--bad", "unknown flag: --bad")]
    [InlineData("--bad=x", "unknown flag: --bad")]
    [InlineData("--=x", "bad flag syntax: --=x")]
    [InlineData("---x", "bad flag syntax: ---x")]
    [InlineData("-x", "unknown shorthand flag: 'x' in -x")]
    [InlineData("-xa", "unknown shorthand flag: 'x' in -xa")]
    [InlineData("-itz busybox", "unknown shorthand flag: 'z' in -z")]
    [InlineData("--name", "flag needs an argument: --name")]
    [InlineData("-name", "flag needs an argument: -name")]
    [InlineData("-e", "flag needs an argument: 'e' in -e")]
    [InlineData("--rm=maybe", "invalid argument \"maybe\" for \"--rm\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("--rm=false=x", "invalid argument \"false=x\" for \"--rm\" flag: strconv.ParseBool: parsing \"false=x\": invalid syntax")]
    [InlineData("-mx", "invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'")]
    [InlineData("--cpu-shares z", "invalid argument \"z\" for \"-c, --cpu-shares\" flag: strconv.ParseInt: parsing \"z\": invalid syntax")]
    [InlineData("-p 80:80", "unsupported flag: --publish is docker's, sampan does not have it")]
    [InlineData("--publish=80", "unsupported flag: --publish is docker's, sampan does not have it")]
    public void Errors_are_in_dockers_words(string line, string message)
    {
        var error = Should.Throw<UsageException>(() => Parse(line));
        error.Message.ShouldBe(message);
        error.ExitCode.ShouldBe(125);
    }

    // Go's flag package, whose grammar is runc's, tells one dash from two nowhere.
    [Theory]
    [InlineData("-tty -env A=1 -memory=1m busybox -it")]
    [InlineData("--tty -e A=1 --memory 1m busybox -it")]
    [InlineData("-t -eA=1 -m1m busybox -it")]
    public void A_name_may_have_one_dash_where_that_is_the_grammar(string line)
    {
        var parser = new FlagParser(_flags, interspersed: false, oneDash: true);
        parser.Parse(line.Split(' ')).ShouldBe(["busybox", "-it"]);
        parser.HelpRequested.ShouldBeFalse();
        _tty.Value.ShouldBeTrue();
        _interactive.Value.ShouldBeFalse();
        _env.Values.ShouldBe(["A=1"]);
        _memory.Value.ShouldBe(1 << 20);
        var asking = new FlagParser(_flags, interspersed: false, oneDash: true);
        asking.Parse("-help busybox".Split(' ')).ShouldBe(["busybox"]);
        asking.HelpRequested.ShouldBeTrue();
    }

    private List<string> Parse(string line, bool interspersed = false)
    {
        var parser = new FlagParser(_flags, interspersed);
        var arguments = parser.Parse(line.Split(' '));
        _help = parser.HelpRequested;
        return arguments;
    }
}
