using System.Text;
using System.Text.RegularExpressions;

namespace Sampan.Images.Tests.Fuzzing;

/// <summary>Random references, held to the grammar as distribution/reference writes it down.</summary>
public sealed partial class ReferenceFuzzTests
{
    private const int Rounds = 300_000;
    private static readonly string[] Pieces =
    [
        "a", "b0", "z9", "_", "__", "___", ".", "..", "-", "--", "/", ":", "@", "A", "Tag", "localhost", "localhost:5000", "example.com", "[::1]", "[::1]:80", "[fe80::1", "::",
        "library", "docker.io", "index.docker.io", "sha256:", new('a', 64), new('A', 64), new('f', 63), new('x', 130), new('c', 256), "é", "\0", "\n", " ", "../", "%2f", "é", "5000", "latest",
    ];

    [GeneratedRegex(@"^(?:(?<domain>(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?|\[[a-fA-F0-9:]+\](?::[0-9]+)?)/)?(?<path>[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?\z", RegexOptions.ECMAScript, 1000)]
    private static partial Regex Grammar();

    [Fact]
    public void Whatever_the_text_is_it_is_refused_or_comes_back_the_same()
    {
        var random = new Random(20261121);
        var text = new StringBuilder();
        var taken = 0;
        for (var round = 0; round < Rounds; round++)
        {
            text.Clear();
            for (var count = random.Next(1, 9); count > 0; count--)
            {
                text.Append(Pieces[random.Next(Pieces.Length)]);
            }

            var reference = ImageReference.TryParse(text.ToString(), out var error);
            if (reference is null)
            {
                error.ShouldNotBeEmpty();
                continue;
            }

            taken++;
            error.ShouldBeEmpty();
            Grammar().IsMatch(reference.ToString()).ShouldBeTrue(text.ToString());
            ImageReference.Parse(reference.ToString()).ShouldBe(reference);
            ImageReference.Parse(reference.Familiar).ShouldBe(reference, text.ToString());
            reference.Path.ShouldNotContain("..");
        }

        taken.ShouldBeGreaterThan(Rounds / 100);
    }

    [Fact]
    public void What_the_grammar_takes_is_taken()
    {
        var random = new Random(20261122);
        var taken = 0;
        for (var round = 0; round < Rounds; round++)
        {
            // From pieces that fit, so that many do.
            var text = new StringBuilder(random.Next(3) == 0 ? Pieces[random.Next(15, 20)] + "/" : "");
            for (var count = random.Next(1, 6); count > 0; count--)
            {
                text.Append(Pieces[random.Next(11)]);
            }

            _ = random.Next(3) == 0 ? text.Append(':').Append(Pieces[random.Next(14)]) : text;
            _ = random.Next(4) == 0 ? text.Append("@sha256:").Append(new string('a', 64)) : text;
            var match = Grammar().Match(text.ToString());
            var reference = ImageReference.TryParse(text.ToString(), out _);

            // docker.io's own normalisation comes first: what has no dot, colon or capital before the first slash is no domain.
            if (match.Success && match.Groups["path"].Length <= 200 && (match.Groups["domain"].Length == 0 || IsTakenForOne(match.Groups["domain"].Value)))
            {
                taken++;
                reference.ShouldNotBeNull(text.ToString());
                reference.Tag.ShouldBe(match.Groups["tag"].Success ? match.Groups["tag"].Value : match.Groups["digest"].Success ? null : "latest");
            }
        }

        taken.ShouldBeGreaterThan(Rounds / 50);
    }

    private static bool IsTakenForOne(string domain) => domain == "localhost" || domain.Any(character => character is '.' or ':' or (>= 'A' and <= 'Z'));
}
