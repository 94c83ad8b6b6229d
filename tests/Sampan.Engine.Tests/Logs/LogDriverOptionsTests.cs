using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Logs;

public class LogDriverOptionsTests
{
    [Theory]
    [InlineData("loki", "", "", "logger: no log driver named 'loki' is registered")]
    [InlineData("json-file", "colour", "red", "unknown log opt 'colour' for json-file log driver")]
    [InlineData("local", "tag", "x", "unknown log opt 'tag' for log driver local")]
    [InlineData("journald", "max-size", "1m", "unknown log opt 'max-size' for journald log driver")]
    [InlineData("syslog", "max-size", "1m", "unknown log opt 'max-size' for syslog log driver")]
    [InlineData("json-file", "mode", "sometimes", "logger: logging mode not supported: sometimes")]
    [InlineData("json-file", "max-buffer-size", "1m", "logger: max-buffer-size option is only supported with 'mode=non-blocking'")]
    [InlineData("json-file", "max-file", "0", "max-file cannot be less than 1")]
    [InlineData("json-file", "max-size", "lots", "invalid size: 'lots'")]
    [InlineData("json-file", "compress", "maybe", "strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("json-file", "tag", "{{.Nothing}}", "can't evaluate field Nothing")]
    [InlineData("json-file", "tag", "{{.ID", "unclosed action")]
    [InlineData("json-file", "labels-regex", "(", "invalid labels-regex \"(\"")]
    [InlineData("syslog", "syslog-address", "127.0.0.1:514", "syslog-address should be in form proto://address, got 127.0.0.1:514")]
    [InlineData("syslog", "syslog-address", "unix:///no/such/socket", "stat /no/such/socket: no such file or directory")]
    [InlineData("syslog", "syslog-address", "tcp+tls://127.0.0.1:1", "TLS")]
    [InlineData("syslog", "syslog-address", "udp://127.0.0.1:99999", "invalid port")]
    [InlineData("syslog", "syslog-facility", "weather", "invalid syslog facility")]
    [InlineData("syslog", "syslog-format", "rfc1", "invalid syslog format")]
    [InlineData("journald", "cache-max-size", "x", "invalid size: 'x'")]
    public void What_makes_no_sense_is_refused_in_dockers_words(string driver, string option, string value, string words)
    {
        var config = new LogConfig { Type = driver, Config = option.Length == 0 ? new Dictionary<string, string>() : new() { [option] = value } };
        var problem = Should.Throw<SampanException>(() => LogDriverOptions.Check(config));
        problem.Kind.ShouldBe(ErrorKind.InvalidArgument);
        problem.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("json-file", "tag", "{{.ImageName}}/{{ .Name }}/{{.FullID}}")]
    [InlineData("local", "compress", "false")]
    [InlineData("syslog", "syslog-address", "udp://[::1]:5140")]
    [InlineData("syslog", "syslog-address", "tcp://localhost")]
    [InlineData("syslog", "syslog-facility", "23")]
    [InlineData("journald", "cache-disabled", "true")]
    [InlineData("none", "anything", "")]
    public void What_makes_sense_is_taken(string driver, string option, string value) =>
        LogDriverOptions.Check(new LogConfig { Type = driver, Config = new Dictionary<string, string> { [option] = value } });

    [Fact]
    public void Labels_and_variables_are_chosen_by_name_and_by_expression()
    {
        var config = new ContainerConfig
        {
            Labels = new Dictionary<string, string> { ["app"] = "a b", ["com.tier"] = "x", ["other"] = "y" },
            Env = ["HOME=/", "DB_HOST=h=1", "DB_PORT=2"],
        };
        var options = new Dictionary<string, string> { ["labels"] = "app,missing", ["labels-regex"] = "^com", ["env"] = "HOME", ["env-regex"] = "^DB_H" };
        var attributes = LogAttributes.Of(config, options);
        LogAttributes.Escape(attributes).ShouldBe("DB_HOST=h%3D1,HOME=%2F,app=a+b,com.tier=x");
    }

    [Theory]
    [InlineData("^com", "com.x", true)]
    [InlineData("^com", "a.com", false)]
    [InlineData("com$", "a.com", true)]
    [InlineData("a|b", "xbx", true)]
    [InlineData("^(a|bc)+$", "abcbca", true)]
    [InlineData("^(a|bc)+$", "abcb", false)]
    [InlineData("^a*$", "", true)]
    [InlineData("^(a*)*b$", "aaab", true)]
    [InlineData("^[a-c_]+[^0-9]$", "ab_x", true)]
    [InlineData("^[a-c_]+[^0-9]$", "ab_1", false)]
    [InlineData(@"^\w+\.\d?$", "tier.7", true)]
    [InlineData(@"^\w+\.\d?$", "tier-7", false)]
    [InlineData("colou?r", "color", true)]
    [InlineData("(?:x)y", "xy", true)]
    public void Names_are_matched_as_regular_expressions_have_it(string pattern, string name, bool matches) =>
        LogPattern.Parse("labels-regex", pattern).IsMatch(name).ShouldBe(matches);

    [Theory]
    [InlineData("*a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("a{2}")]
    [InlineData("a\\")]
    [InlineData("(?i)a")]
    public void What_is_no_expression_here_is_refused(string pattern) =>
        Should.Throw<SampanException>(() => LogPattern.Parse("env-regex", pattern)).Message.ShouldStartWith("invalid env-regex");
}
