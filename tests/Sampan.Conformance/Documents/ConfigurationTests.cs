namespace Sampan.Conformance.Documents;

/// <summary>config.md: the document itself.</summary>
public class ConfigurationTests : StatementTest
{
    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.0.2-dev")]
    [InlineData("1.1.0")]
    [InlineData("1.2.0")]
    [InlineData("1.3.0")]
    [Statement("config.md#specification-version", "ociVersion {0} is accepted")]
    [Differs("crun 1.8.1", "knows 1.0 and 1.1", Rows = ["1.2.0", "1.3.0"])]
    public void A_version_is_accepted(string version) => Output(Script("echo fine").With(b => b.Config["ociVersion"] = version)).ShouldBe("fine");

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"one\"")]
    [InlineData("\"1\"")]
    [InlineData("\"2.0.0\"")]
    [InlineData("1")]
    [Statement("config.md#specification-version", "ociVersion {0} is an error: no version, or of another major one")]
    [Differs("runc 1.1.5", "does not look at it", Rows = ["\"\"", "\"1\"", "\"2.0.0\"", "\"one\""])]
    public void A_version_is_refused(string version) => ShouldBeRefused(NewBundle().With(b => b.Config["ociVersion"] = Json.Parse(version)));

    [Fact]
    [Statement("config.md#specification-version", "ociVersion is required")]
    [Differs("runc 1.1.5", "does not look at it")]
    public void A_version_is_required() => ShouldBeRefused(NewBundle().With(b => b.Config.Remove("ociVersion")));

    [Theory]
    [InlineData("")]
    [InlineData("process")]
    [InlineData("root")]
    [InlineData("linux")]
    [InlineData("linux.resources")]
    [InlineData("process.user")]
    [Statement("config.md#extensibility", "an unknown property of \"{0}\" is ignored")]
    public void Unknown_properties_are_ignored(string place)
    {
        var bundle = Script("echo fine");
        var target = place.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate((JsonNode)bundle.Config, (node, name) => node[name]!);
        target["com.example.unknown"] = Json.Parse("""{"deep":[1,{"er":null}]}""");
        Output(bundle).ShouldBe("fine");
    }

    [Fact]
    [Statement("config.md#extensibility", "unknown properties of a mount and of a hook are ignored")]
    public void Unknown_properties_of_entries_are_ignored()
    {
        var bundle = Script("echo fine").Hook("createRuntime", Json.Parse("""{"path":"/bin/sh","args":["sh","-c","/bin/cat >/dev/null"],"unknown":1}"""));
        bundle.Mounts[0]!["unknown"] = 1;
        Output(bundle).ShouldBe("fine");
    }

    [Fact]
    [Statement("config.md#annotations", "an unknown annotation is ignored, in the reserved name space too")]
    public void Unknown_annotations_are_ignored() =>
        Output(Script("echo fine").With(b => b.Config["annotations"] = Json.Parse("""{"org.opencontainers.nosuch":"x","simple":"y"}"""))).ShouldBe("fine");

    [Theory]
    [InlineData("""{"key":1}""")]
    [InlineData("""{"key":{"deep":"er"}}""")]
    [InlineData("""["key"]""")]
    [Statement("config.md#annotations", "annotations are strings by strings, {0} is an error")]
    [Differs("crun 1.8.1", "ignores it", Rows = ["[\"key\"]"])]
    public void Annotations_are_strings(string annotations) => ShouldBeRefused(NewBundle().With(b => b.Config["annotations"] = Json.Parse(annotations)));

    [Theory]
    [InlineData("process.args", "\"true\"")]
    [InlineData("process.env", "{}")]
    [InlineData("process.cwd", "1")]
    [InlineData("process.terminal", "\"no\"")]
    [InlineData("process.user", "0")]
    [InlineData("root", "\"rootfs\"")]
    [InlineData("root.readonly", "\"yes\"")]
    [InlineData("mounts", "{}")]
    [InlineData("hostname", "1")]
    [InlineData("linux", "[]")]
    [InlineData("linux.namespaces", "{}")]
    [InlineData("linux.resources", "\"none\"")]
    [InlineData("linux.resources.pids", "{\"limit\":\"many\"}")]
    [InlineData("linux.seccomp", "\"default\"")]
    [InlineData("hooks", "[]")]
    [Statement("config.md#valid-values", "a value of another JSON type is an error: {0}")]
    [Differs("crun 1.8.1", "ignores the value", Rows = ["hooks", "hostname", "linux.namespaces", "linux.resources", "linux.resources.pids", "linux.seccomp", "process.args", "process.env", "process.terminal", "process.user", "root.readonly"])]
    public void Types_are_checked(string place, string value)
    {
        var bundle = NewBundle();
        var names = place.Split('.');
        var target = names[..^1].Aggregate((JsonNode)bundle.Config, (node, name) => node[name]!);
        target[names[^1]] = Json.Parse(value);
        ShouldBeRefused(bundle);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{} {}")]
    [Statement("config.md#configuration", "config.json that is {0} is an error")]
    public void It_is_an_object(string text)
    {
        var bundle = NewBundle();
        File.WriteAllText(bundle.ConfigFile, text);
        var id = NewId();
        Runtime.Call("create", "--bundle", bundle.Folder, id).ShouldFail();
        ShouldBeGone(id);
    }

    [Fact]
    [Statement("config.md#configuration", "config.json may have members in any order and white space")]
    public void Order_and_space_do_not_matter()
    {
        var bundle = Script("echo fine");
        var id = NewId();
        var reversed = new JsonObject(bundle.Config.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        File.WriteAllText(bundle.ConfigFile, "\n\t " + reversed.ToJsonString(new() { WriteIndented = true }) + "\n\n");
        Runtime.Call("run", "--bundle", bundle.Folder, id).ShouldSucceed().ShouldBe("fine");
    }
}
