namespace Sampan.Conformance.Documents;

/// <summary>features.md and features-linux.md: a runtime may offer the document; what it says must be so.</summary>
public class FeaturesTests : StatementTest
{
    [Fact]
    [Statement("features.md#specification-version", "ociVersionMin and ociVersionMax are versions, and the second is not below the first")]
    public void The_versions_are_versions()
    {
        var features = Features();
        Version((string)features["ociVersionMin"]!).ShouldBeLessThanOrEqualTo(Version((string)features["ociVersionMax"]!));
    }

    [Theory]
    [InlineData("ociVersionMin")]
    [InlineData("ociVersionMax")]
    [Statement("features.md#specification-version", "{0} is accepted in config.json")]
    public void The_versions_are_accepted(string property)
    {
        var version = (string)Features()[property]!;
        Output(Script("echo fine").With(b => b.Config["ociVersion"] = version)).ShouldBe("fine");
    }

    [Fact]
    [Statement("features.md#hooks", "every hook it names is called")]
    public void Hooks_are_called()
    {
        var names = Strings(Features(), "hooks");
        names.ShouldNotBeEmpty();
        var bundle = NewBundle();
        foreach (var name in names)
        {
            bundle.Hook(name, name == "startContainer" ? "echo called >/startContainer" : $"echo called >{Folder}/{name}");
        }

        var container = Create(bundle).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        names.Where(name => !File.Exists(name == "startContainer" ? bundle.In("startContainer") : $"{Folder}/{name}")).ShouldBeEmpty();
    }

    [Fact]
    [Statement("features.md#mount-options", "every mount option it names is known: none is passed on as a word of the file system")]
    [Differs("runc 1.1.5", "names defaults, and passes it to the file system")]
    public void Mount_options_are_known()
    {
        var unknown = new List<string>();
        foreach (var option in Strings(Features(), "mountOptions").Where(option => option is not ("remount" or "idmap" or "ridmap" or "mand" or "bind" or "rbind")))
        {
            // The kernel knows nothing of these words: a runtime that passed one on would get EINVAL.
            var result = Run(Script("true").Mount("/new", "tmpfs", "tmpfs", option));
            if (result.ExitCode != 0)
            {
                unknown.Add(option + ": " + result.Error);
            }
        }

        unknown.ShouldBeEmpty();
    }

    [Fact]
    [Statement("features-linux.md#namespaces", "every namespace it names can be made")]
    public void Namespaces_are_made()
    {
        var names = Strings(Linux(), "namespaces");
        names.ShouldNotBeEmpty();
        foreach (var name in names.Where(name => name is not "user" && File.Exists("/proc/self/ns/" + (name switch { "mount" => "mnt", "network" => "net", _ => name }))))
        {
            var bundle = Script("echo fine");
            if (bundle.Linux["namespaces"]!.AsArray().All(entry => (string)entry!["type"]! != name))
            {
                bundle.Linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = name });
            }

            Output(bundle).ShouldBe("fine", name);
        }
    }

    [Fact]
    [Statement("features-linux.md#capabilities", "every capability it names is a kernel's, as CAP_NAME")]
    public void Capabilities_are_known()
    {
        var names = Strings(Linux(), "capabilities");
        names.Count.ShouldBeGreaterThan(30);
        names.ShouldAllBe(name => name.StartsWith("CAP_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("actions", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["swapon"],"action":"VALUE"}]}""")]
    [InlineData("operators", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["swapon"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":1,"op":"VALUE"}]}]}""")]
    [InlineData("archs", """{"defaultAction":"SCMP_ACT_ALLOW","architectures":["VALUE"],"syscalls":[{"names":["swapon"],"action":"SCMP_ACT_ERRNO"}]}""")]
    [InlineData("supportedFlags", """{"defaultAction":"SCMP_ACT_ALLOW","flags":["VALUE"],"syscalls":[{"names":["swapon"],"action":"SCMP_ACT_ERRNO"}]}""")]
    [Statement("features-linux.md#seccomp", "every one of seccomp.{0} it names is accepted")]
    public void Seccomp_words_are_accepted(string property, string filter)
    {
        var words = Strings(Linux()["seccomp"]!.AsObject(), property);
        Assert.SkipWhen(words.Count == 0, "the document does not say");

        // Architectures are accepted on a host of their byte order; a notifying filter needs a listener.
        foreach (var word in words.Where(word => word is not "SCMP_ACT_NOTIFY" and not "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" && !IsOtherByteOrder(word)))
        {
            Output(Script("echo fine").With(b => b.Linux["seccomp"] = Json.Parse(filter.Replace("VALUE", word)))).ShouldBe("fine", word);
        }
    }

    [Fact]
    [Statement("features-linux.md#memory-policy", "every memory policy mode it names is accepted (since 1.3)")]
    public void Memory_policies_are_accepted()
    {
        var policy = Linux()["memoryPolicy"];
        Assert.SkipWhen(policy is null, "the document does not say");
        var modes = Strings(policy!.AsObject(), "modes");
        modes.ShouldNotBeEmpty();

        // The last came with Linux 6.9: an older kernel refuses the call, not the runtime the word.
        foreach (var mode in modes.Where(mode => mode != "MPOL_WEIGHTED_INTERLEAVE"))
        {
            var nodes = mode is "MPOL_DEFAULT" or "MPOL_LOCAL" ? "" : "0";
            Output(Script("echo fine").With(b => b.Linux["memoryPolicy"] = new JsonObject { ["mode"] = mode, ["nodes"] = nodes })).ShouldBe("fine", mode);
        }
    }

    [Theory]
    [InlineData("annotations")]
    [Statement("features.md#annotations", "{0} are strings by strings")]
    public void Annotations_are_strings(string property)
    {
        var features = Features();
        Assert.SkipWhen(features[property] is null, "the document has none");
        features[property]!.AsObject().ShouldAllBe(member => member.Key.Length > 0 && member.Value!.GetValueKind() == System.Text.Json.JsonValueKind.String);
    }

    private static List<string> Strings(JsonObject from, string property) => [.. (from[property]?.AsArray() ?? []).Select(value => (string)value!)];

    private static Version Version(string text) => new(text.Split('-', '+')[0]);

    private static bool IsOtherByteOrder(string architecture) =>
        architecture is "SCMP_ARCH_MIPS" or "SCMP_ARCH_MIPS64" or "SCMP_ARCH_MIPS64N32" or "SCMP_ARCH_PPC" or "SCMP_ARCH_PPC64" or "SCMP_ARCH_S390" or "SCMP_ARCH_S390X" or "SCMP_ARCH_PARISC" or "SCMP_ARCH_PARISC64";

    private JsonObject Features()
    {
        var result = Runtime.Call("features");
        Assert.SkipWhen(result.ExitCode != 0, "the runtime does not offer the document");
        return Json.Parse(result.Output).AsObject();
    }

    private JsonObject Linux() => Features()["linux"]!.AsObject();
}
