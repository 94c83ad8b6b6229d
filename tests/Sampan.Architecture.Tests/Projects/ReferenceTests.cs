namespace Sampan.Architecture.Tests.Projects;

/// <summary>References point one way: Json, Linux, Oci, Flags ← Runtime, Images, Networking ← Engine ← Cli, RuntimeCli; Images ← Registries; Cli, Registries ← RegistryCli (ARCHITECTURE.md, "Who owns what").</summary>
public class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sampan.Json"] = [],
        ["Sampan.Json.Generator"] = [],
        ["Sampan.Linux"] = [],
        ["Sampan.Oci"] = ["Sampan.Json", "Sampan.Json.Generator"],
        ["Sampan.Flags"] = [],
        ["Sampan.Runtime"] = ["Sampan.Json", "Sampan.Json.Generator", "Sampan.Linux", "Sampan.Oci"],
        ["Sampan.Images"] = ["Sampan.Json", "Sampan.Json.Generator", "Sampan.Linux", "Sampan.Oci"],
        ["Sampan.Registries"] = ["Sampan.Json", "Sampan.Json.Generator", "Sampan.Linux", "Sampan.Oci", "Sampan.Images"],
        ["Sampan.Networking"] = ["Sampan.Linux", "Sampan.Oci"],
        ["Sampan.Engine"] = ["Sampan.Json", "Sampan.Json.Generator", "Sampan.Linux", "Sampan.Oci", "Sampan.Runtime", "Sampan.Images", "Sampan.Networking"],
        ["Sampan.Cli"] = ["Sampan.Json", "Sampan.Json.Generator", "Sampan.Linux", "Sampan.Oci", "Sampan.Runtime", "Sampan.Images", "Sampan.Networking", "Sampan.Engine", "Sampan.Flags"],
        ["Sampan.RegistryCli"] =
        [
            "Sampan.Json", "Sampan.Linux", "Sampan.Oci", "Sampan.Runtime", "Sampan.Images", "Sampan.Networking", "Sampan.Engine", "Sampan.Flags", "Sampan.Cli", "Sampan.Registries",
        ],
        ["Sampan.RuntimeCli"] = ["Sampan.Json", "Sampan.Linux", "Sampan.Oci", "Sampan.Runtime", "Sampan.Flags"],
    };

    public static TheoryData<string> SourceProjects => [.. Repository.SourceProjects.Select(Repository.Relative)];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_refers_only_to_the_layers_below_it(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Allowed.ShouldContainKey(name, "a new project needs its place in the layers");
        foreach (var reference in Repository.References(Path.Combine(Repository.Root, project)))
        {
            Allowed[name].ShouldContain(reference, $"{name} may not refer to {reference}");
        }
    }

    /// <summary>What links HttpClient starts in twice the time (ARCHITECTURE.md, "Registries").</summary>
    [Fact]
    public void Only_the_registries_speak_HTTP_and_TLS() =>
        Repository.SourceFiles.Where(file => !Repository.Relative(file).StartsWith("src/Sampan.Registries/", StringComparison.Ordinal))
            .Where(file => new[] { "System.Net.Http", "HttpClient", "SocketsHttpHandler", "SslStream" }.Any(File.ReadAllText(file).Contains))
            .Select(Repository.Relative).ShouldBeEmpty();

    [Fact]
    public void A_library_has_its_tests_beside_it()
    {
        var tests = Repository.TestProjects.Select(Path.GetFileNameWithoutExtension).ToHashSet();

        // A generator is tested by what it generates.
        foreach (var project in Repository.SourceProjects.Select(Path.GetFileNameWithoutExtension).Where(name => name != "Sampan.Json.Generator"))
        {
            tests.ShouldContain(project + ".Tests");
        }
    }

    [Fact]
    public void The_solution_lists_every_project()
    {
        var solution = Repository.Read("Sampan.slnx");
        foreach (var project in Repository.SourceProjects.Concat(Repository.TestProjects).Select(Repository.Relative))
        {
            solution.ShouldContain($"\"{project}\"");
        }
    }

    [Fact]
    public void Package_versions_are_central_and_every_package_is_accounted_for()
    {
        foreach (var project in Repository.SourceProjects.Concat(Repository.TestProjects))
        {
            File.ReadAllText(project).ShouldNotContain(" Version=\"", Case.Sensitive, Repository.Relative(project));
        }

        var architecture = Repository.Read("ARCHITECTURE.md");
        foreach (var package in System.Xml.Linq.XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion"))
        {
            architecture.ShouldContain(package.Attribute("Include")!.Value, Case.Sensitive, "a dependency needs its line in ARCHITECTURE.md");
        }
    }
}
