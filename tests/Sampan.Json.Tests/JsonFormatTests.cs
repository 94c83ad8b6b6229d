using System.Text.Json;
using System.Text.Json.Serialization;
using Sampan.Oci.Runtime;

namespace Sampan.Json.Tests;

/// <summary>The generated code beside .NET's serializer, which finds out at run time what the generator wrote down.</summary>
public sealed class JsonFormatTests
{
    private static readonly JsonSerializerOptions Camel = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JsonTextEncoder.Instance,
    };

    private static readonly JsonSerializerOptions Pascal = new() { Encoder = JsonTextEncoder.Instance };

    private const string Full = """
        { "text": "a\u00e9\n", "maybeText": "b", "truth": false, "maybeTruth": true, "small": -3, "unsigned": 4294967295, "short": 65535, "large": -9223372036854775808,
          "huge": 18446744073709551615, "time": "2026-11-21T10:11:12.5Z", "texts": ["x", ""], "numbers": [1, -2], "labels": {"k": "v", "": "w"}, "set": {"/a": {}},
          "children": [{}, {"small": 9, "children": []}], "rest": {"known": "yes", "more": {"deep": [1, {"x": null}]}, "again": 5}, "other-name": "r", "sparse": 5, "uidMap": "u",
          "unknown": {"deep": [[{}]]}, "hidden": "no" }
        """;

    public static TheoryData<string> Documents =>
    [
        Full,
        "{}",
        """{"small": 1, "small": 2}""",
        """{"texts": [], "labels": {}, "set": {}, "children": [], "rest": {}}""",
        """{"te\u0078t": "escaped name"}""",
        """{"labels": {"a": "1", "a": "2"}}""",
        """ { "text" : "spaces" } """,
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Reads_what_the_serializer_reads(string json)
    {
        var expected = JsonSerializer.Deserialize<Sample>(json, Camel)!;

        JsonSerializer.Serialize(CamelJson.Sample.Parse(json), Camel).ShouldBe(JsonSerializer.Serialize(expected, Camel));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Writes_what_the_serializer_writes(string json)
    {
        var value = CamelJson.Sample.Parse(json);

        CamelJson.Sample.ToText(value).ShouldBe(JsonSerializer.Serialize(value, Camel));
        PlainJson.Sample.ToText(value).ShouldBe(JsonSerializer.Serialize(value, Pascal));
    }

    [Fact]
    public void Null_is_as_good_as_absent()
    {
        const string json = """
            {"text":null,"maybeText":null,"truth":null,"small":null,"unsigned":null,"time":null,"texts":null,"numbers":null,"labels":null,"set":null,"children":null,"rest":null}
            """;

        CamelJson.Sample.ToText(CamelJson.Sample.Parse(json)).ShouldBe(CamelJson.Sample.ToText(new()));
    }

    [Fact]
    public void A_map_of_strings_takes_null_for_an_empty_one() => CamelJson.Sample.Parse("""{"labels":{"a":null}}""").Labels!["a"].ShouldBe("");

    [Fact]
    public void In_a_map_of_records_null_is_as_good_as_absent() => CamelJson.Sample.Parse("""{"rests":{"a":null,"b":{}}}""").Rests!.Keys.ShouldBe(["b"]);

    [Fact]
    public void Of_a_set_only_the_names_count() => CamelJson.Sample.Parse("""{"set":{"a":null,"b":[1,{}],"c":{"d":{}}},"small":5}""").ShouldSatisfyAllConditions(
        sample => sample.Set!.Keys.ShouldBe(["a", "b", "c"]), sample => sample.Small.ShouldBe(5));

    [Fact]
    public void A_list_can_be_a_document()
    {
        var samples = CamelJson.Samples.Parse("""[{"small":1},{}]""");

        samples.Select(sample => sample.Small).ShouldBe([1, 7]);
        CamelJson.Samples.ToText(samples).ShouldBe(JsonSerializer.Serialize(samples, Camel));
    }

    [Fact]
    public void Names_may_be_spelt_otherwise_where_that_is_asked_for() =>
        LenientJson.Sample.Parse("""{"MAYBETEXT":"a","Small":3}""").ShouldSatisfyAllConditions(
            sample => sample.MaybeText.ShouldBe("a"), sample => sample.Small.ShouldBe(3));

    [Theory]
    [InlineData("[]", "an object is expected, not an array")]
    [InlineData("null", "an object is expected, not null")]
    [InlineData("""{"text": 5}""", "text: a string is expected, not the number 5")]
    [InlineData("""{"text": {"a": []}}""", "text: a string is expected, not an object")]
    [InlineData("""{"truth": "yes"}""", "truth: true or false is expected, not this string")]
    [InlineData("""{"small": 2147483648}""", "small: a whole number from -2147483648 to 2147483647 is expected, not the number 2147483648")]
    [InlineData("""{"small": 1.5}""", "small: a whole number from -2147483648 to 2147483647 is expected, not the number 1.5")]
    [InlineData("""{"huge": -1}""", "huge: a whole number from 0 to 18446744073709551615 is expected, not the number -1")]
    [InlineData("""{"short": 65536}""", "short: a whole number from 0 to 65535 is expected, not the number 65536")]
    [InlineData("""{"large": "5"}""", "large: a whole number from -9223372036854775808 to 9223372036854775807 is expected, not this string")]
    [InlineData("""{"time": "yesterday"}""", "time: a time as in RFC 3339 is expected, not this string")]
    [InlineData("""{"unknown": [1, {"a": 2}], "texts": ["a", ["b"]]}""", "texts[1]: a string is expected, not an array")]
    [InlineData("""{"texts": ["a", "b", null]}""", "texts[2]: a string is expected, not null")]
    [InlineData("""{"texts": {}}""", "texts: an array is expected, not an object")]
    [InlineData("""{"labels": {"a": "b", "c": 1}}""", "labels.c: a string is expected, not the number 1")]
    [InlineData("""{"children": [{}, {"children": [{"small": true}]}]}""", "children[1].children[0].small: a whole number from -2147483648 to 2147483647 is expected, not true")]
    [InlineData("""{"text": "\ud800"}""", "text: text that is UTF-8 is expected, not this string")]
    public void Another_shape_is_refused_with_its_place(string json, string message) =>
        Should.Throw<JsonException>(() => CamelJson.Sample.Parse(json)).Message.ShouldBe(message);

    [Theory]
    [InlineData("", "no JSON from line 1, byte 1 on")]
    [InlineData("{", "no JSON from line 1, byte 2 on")]
    [InlineData("{\n  \"a\": x}", "no JSON from line 2, byte 8 on")]
    [InlineData("{} {}", "no JSON from line 1, byte 4 on")]
    [InlineData("{\"a\": 1,}", "no JSON from line 1, byte 9 on")]
    [InlineData("{\"a\": nul", "no JSON from line 1, byte 10 on")]
    public void What_is_no_json_is_refused_with_its_place(string json, string message) =>
        Should.Throw<JsonException>(() => CamelJson.Sample.Parse(json)).Message.ShouldBe(message);

    [Theory]
    [InlineData("""{"\ud800":5,"small":3}""")]
    [InlineData("""{"\ud800\u0074ext":5,"small":3}""")]
    public void Half_a_surrogate_pair_in_a_name_is_nobodys_name(string json) => CamelJson.Sample.Parse(json).Small.ShouldBe(3);

    [Fact]
    public void Depth_has_an_end() =>
        Should.Throw<JsonException>(() => CamelJson.Sample.Parse("{\"x\":" + new string('[', 100_000))).Message.ShouldStartWith("nested deeper than 64 levels, or no JSON, from line 1, byte ");

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() =>
        Should.Throw<JsonException>(() => CamelJson.Sample.Parse([.. "{\"text\":\""u8, 0xff, .. "\"}"u8])).Message.ShouldBe("text: text that is UTF-8 is expected, not this string");

    [Fact]
    public void Random_documents_are_read_and_written_as_the_serializer_does()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var json = new SampleMaker(seed).Document();
            var expected = JsonSerializer.Deserialize<Sample>(json, Camel)!;

            CamelJson.Sample.ToText(CamelJson.Sample.Parse(json)).ShouldBe(JsonSerializer.Serialize(expected, Camel), $"seed {seed}: {json}");
        }
    }

    // What a whole configuration uses of the model comes out of it as it went in.
    [Theory]
    [MemberData(nameof(Configurations))]
    public void Configurations_are_read_and_written_as_the_serializer_does(string name, string json)
    {
        var value = RuntimeJson.RuntimeSpec.Parse(json);

        RuntimeJson.RuntimeSpec.ToText(value).ShouldBe(JsonSerializer.Serialize(JsonSerializer.Deserialize<RuntimeSpec>(json, Camel), Camel), name);
        RuntimeJson.RuntimeSpec.ToText(RuntimeJson.RuntimeSpec.Parse(RuntimeJson.RuntimeSpec.ToText(value))).ShouldBe(RuntimeJson.RuntimeSpec.ToText(value), name);
    }

    public static TheoryData<string, string> Configurations => new()
    {
        { "filled", new ModelFiller().Fill(typeof(RuntimeSpec)) },
        { "empty", "{}" },
    };
}
