using FsCheck;
using FsCheck.Fluent;
using Sampan.Registries.Tokens;

namespace Sampan.Registries.Tests.Tokens;

public class ChallengeParserTests
{
    [Theory]
    [InlineData("Bearer realm=\"https://a.test/token\",service=\"r\",scope=\"repository:x:pull,push\"", "bearer realm=https://a.test/token scope=repository:x:pull,push service=r")]
    [InlineData("BEARER Realm=\"a\", SCOPE=\"b\"", "bearer realm=a scope=b")]
    [InlineData("Basic realm=\"say \\\"hi\\\", you\"", "basic realm=say \"hi\", you")]
    [InlineData("Basic", "basic")]
    [InlineData("Basic realm=x, Bearer realm=y, service = \"z\"", "basic realm=x|bearer realm=y service=z")]
    [InlineData("Negotiate, Basic realm=\"x\"", "negotiate|basic realm=x")]
    [InlineData("Negotiate YWJj/ZGVm==, Basic realm=\"x\"", "negotiate|basic realm=x")]
    [InlineData("NTLM TlRMTVNTUAAC==", "ntlm")]
    [InlineData(",, Basic realm=x ,,", "basic realm=x")]
    [InlineData("Bearer realm=\"a\",realm=\"b\"", "bearer realm=a")]
    [InlineData("Bearer realm=\"unfinished", "bearer")]
    [InlineData("Bearer realm=\"a\",\"b\"", "bearer realm=a")]
    [InlineData("Bearer error=\"insufficient_scope\",error_description=\"\"", "bearer error=insufficient_scope error_description=")]
    [InlineData("", "")]
    [InlineData("=", "")]
    public void Reads(string header, string expected) => Show(ChallengeParser.Parse([header])).ShouldBe(expected);

    [Fact]
    public void Several_fields_are_one_list() => Show(ChallengeParser.Parse(["Basic realm=x", "Bearer realm=y"])).ShouldBe("basic realm=x|bearer realm=y");

    [Fact]
    public void Any_text_comes_to_an_end()
    {
        var pieces = Gen.Elements("Bearer", "Basic", "realm", "=", "\"", "\\", ",", " ", "a/b+c==", "x", "\t", "é", "\u0000");
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.ListOf(pieces).ToArbitrary(), parts =>
        {
            foreach (var challenge in ChallengeParser.Parse([string.Concat(parts)]))
            {
                challenge.Scheme.ShouldNotBeEmpty();
                challenge.Scheme.ShouldBe(challenge.Scheme.ToLowerInvariant());
            }
        }));
    }

    [Fact]
    public void What_is_quoted_is_read_back()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.ArrayOf(Gen.Choose(32, 126).Select(number => (char)number)).ToArbitrary(), letters =>
        {
            var value = new string(letters);
            var quoted = value.Replace("\\", "\\\\").Replace("\"", "\\\"");
            ChallengeParser.Parse([$"Basic a=b, Bearer realm=\"{quoted}\", c=d"])[1]["realm"].ShouldBe(value);
        }));
    }

    private static string Show(IReadOnlyList<Challenge> challenges) =>
        string.Join('|', challenges.Select(challenge =>
            string.Join(' ', [challenge.Scheme, .. challenge.Parameters.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}")])));
}
