using Sampan.Images.Commits;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Tests.Commits;

public sealed class ConfigChangesTests
{
    private readonly ImageConfig _before = new()
    {
        Env = ["PATH=/bin", "A=1"],
        Cmd = ["old"],
        WorkingDir = "/srv",
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["kept"] = "1" },
    };

    [Fact]
    public void Commands_have_two_forms()
    {
        Apply("CMD [\"a\", \"b c\"]").Cmd.ShouldBe(["a", "b c"]);
        Apply("cmd echo $HOME").Cmd.ShouldBe(["/bin/sh", "-c", "echo $HOME"]);
        Apply("CMD [not json").Cmd.ShouldBe(["/bin/sh", "-c", "[not json"]);
        Apply("CMD []").Cmd.ShouldBe([]);
        Apply("ENTRYPOINT [\"/init\"]").Entrypoint.ShouldBe(["/init"]);
    }

    [Fact]
    public void An_entry_point_clears_the_old_command_only()
    {
        Apply("ENTRYPOINT [\"/init\"]").Cmd.ShouldBeNull();
        Apply("CMD [\"new\"]", "ENTRYPOINT [\"/init\"]").Cmd.ShouldBe(["new"]);
    }

    [Fact]
    public void Variables_replace_in_place()
    {
        Apply("ENV A=2 B=\"two words\" C=it\\ is D='x\"y'").Env.ShouldBe(["PATH=/bin", "A=2", "B=two words", "C=it is", "D=x\"y"]);
        Apply("ENV A the old form").Env.ShouldBe(["PATH=/bin", "A=the old form"]);
        _before.Env.ShouldBe(["PATH=/bin", "A=1"]);
    }

    [Fact]
    public void Variables_of_the_configuration_are_replaced()
    {
        Apply("ENV PATH=$PATH:/opt B=${A}x C='$A' D=\\$A E=\"$A $NONE.\" F=${NONE:-word} G=${A:+set} H=$").Env
            .ShouldBe(["PATH=/bin:/opt", "A=1", "B=1x", "C=$A", "D=$A", "E=1 .", "F=word", "G=set", "H=$"]);
        Apply("ENV A=2", "WORKDIR /$A", "USER u$A").WorkingDir.ShouldBe("/2");
        Apply("LABEL v=$A").Labels!["v"].ShouldBe("1");
        Should.Throw<SampanException>(() => Apply("ENV X=${A")).Message.ShouldContain("matching }");
        Should.Throw<SampanException>(() => Apply("ENV X=${A:?x}")).Message.ShouldContain("unsupported modifier");
    }

    [Fact]
    public void Sets_grow()
    {
        Apply("LABEL a=b \"c d\"=e").Labels!.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + pair.Value).ShouldBe(["ab", "c de", "kept1"]);
        Apply("EXPOSE 80 53/udp 8000-8002").ExposedPorts!.Keys.ShouldBe(["80/tcp", "53/udp", "8000/tcp", "8001/tcp", "8002/tcp"]);
        Apply("VOLUME /a /b", "VOLUME [\"/c d\"]").Volumes!.Keys.ShouldBe(["/a", "/b", "/c d"]);
        Apply("ONBUILD RUN x", "ONBUILD COPY . .").OnBuild.ShouldBe(["RUN x", "COPY . ."]);
    }

    [Fact]
    public void Words_are_set()
    {
        Apply("USER 1000:1000").User.ShouldBe("1000:1000");
        Apply("STOPSIGNAL SIGINT").StopSignal.ShouldBe("SIGINT");
        Apply("WORKDIR sub/../x").WorkingDir.ShouldBe("/srv/x");
        Apply("WORKDIR /abs").WorkingDir.ShouldBe("/abs");
        Apply("HEALTHCHECK NONE").Healthcheck!.Test.ShouldBe(["NONE"]);
        var check = Apply("HEALTHCHECK --interval=5s --timeout=1.5s --retries=3 CMD [\"true\"]").Healthcheck!;
        (check.Interval, check.Timeout, check.Retries).ShouldBe((5_000_000_000L, 1_500_000_000L, 3));
        check.Test.ShouldBe(["CMD", "true"]);
    }

    [Theory]
    [InlineData("RUN make", "RUN is not a valid change command")]
    [InlineData("FROM x", "FROM is not a valid change command")]
    [InlineData("ENV", "ENV requires at least one argument")]
    [InlineData("ENV A", "must have two arguments")]
    [InlineData("ENV =x", "can't find =")]
    [InlineData("ENV A=\"x", "double-quote")]
    [InlineData("EXPOSE 99999", "invalid containerPort: 99999")]
    [InlineData("EXPOSE 80/icmp", "invalid containerPort: 80/icmp")]
    [InlineData("USER a b", "exactly one argument")]
    [InlineData("ONBUILD ONBUILD RUN x", "Chaining ONBUILD")]
    [InlineData("ONBUILD FROM x", "FROM isn't allowed")]
    [InlineData("HEALTHCHECK --interval=5 CMD x", "invalid duration")]
    [InlineData("HEALTHCHECK --what=5 CMD x", "unknown flag")]
    [InlineData("VOLUME [\"\"]", "can not be an empty string")]
    public void Mistakes_name_the_instruction(string change, string words)
    {
        var error = Should.Throw<SampanException>(() => Apply(change));
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldContain(words);
    }

    private ImageConfig Apply(params string[] changes) => ConfigChanges.Apply(_before, changes);
}
