using FsCheck;
using FsCheck.Fluent;
using Sampan.Images;
using Sampan.Registries.Configuration;

namespace Sampan.Registries.Tests.Configuration;

/// <summary>What becomes an address must be what the grammar let through, whatever a user or an index wrote.</summary>
public class ReferenceTests
{
    private static readonly Gen<string> Piece = Gen.Elements(
        "a", "B", "0", "busybox", "library", "docker.io", "index.docker.io", "localhost", "127.0.0.1", "[::1]", "x.test", ":5000", ":", "/", "//", "..", ".", "-", "_", "__", "___",
        "@", "@sha256:", "sha256", new string('a', 64), new string('f', 63), "latest", " ", "\n", "%2e", "é", "?", "#", "*", "\u0000", new string('z', 300));

    [Fact]
    public void Whatever_is_taken_leads_below_its_repository_and_nowhere_else()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Gen.ListOf(Piece).ToArbitrary(), pieces =>
        {
            if (ImageReference.TryParse(string.Concat(pieces), out _) is not { } reference)
            {
                return;
            }

            ImageReference.Parse(reference.ToString()).ShouldBe(reference);
            ImageReference.Parse(reference.Familiar).ShouldBe(reference);
            var endpoint = RegistriesFile.Parse("", "r").ForPush(reference);
            if (Uri.TryCreate($"https://{endpoint.Server}/v2/{endpoint.Repository}/manifests/{reference.Digest ?? reference.Tag}", UriKind.Absolute, out var address))
            {
                address.AbsolutePath.ShouldBe($"/v2/{reference.Path}/manifests/{reference.Digest ?? reference.Tag}");
                address.Query.ShouldBeEmpty();
                address.UserInfo.ShouldBeEmpty();
                address.Authority.ShouldBe(endpoint.Server.Replace(":443", ""), StringCompareShould.IgnoreCase);
            }
        }));
    }
}
