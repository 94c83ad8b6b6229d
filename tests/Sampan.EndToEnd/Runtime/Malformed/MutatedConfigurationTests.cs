using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime.Malformed;

/// <summary>Configurations derived from a full, valid one: each value replaced by what it must not be, and random damage with fixed seeds.</summary>
public sealed class MutatedConfigurationTests(HostileBundle bundle) : IClassFixture<HostileBundle>
{
    private const int Seeds = 300;

    private static readonly string[] HostileTexts = ["", "a\nb", "\0", "../../../../tmp", new('N', 5000), "\ud800", "%s%n", "-1"];
    private static readonly string[] HostileNumbers = ["-1", "0", "1.5", "1e400", "18446744073709551616", "-9223372036854775809", "4294967295", "2147483648"];

    [Fact]
    public void The_configuration_they_are_made_of_is_valid() => bundle.Create(bundle.Valid()).ShouldBeEmpty();

    [Fact]
    public void A_value_of_another_kind_is_refused_by_its_name()
    {
        var attempts = 0;
        foreach (var place in DocumentWalk.Places(bundle.Valid()))
        {
            foreach (var other in DocumentWalk.OtherKinds(DocumentWalk.At(bundle.Valid(), place)!))
            {
                var config = bundle.Valid();
                DocumentWalk.Set(config, place, other.DeepClone());
                bundle.Create(config).ShouldContain(DocumentWalk.Text(place[^1..]), Case.Sensitive, $"{DocumentWalk.Text(place)} = {other.ToJsonString()}");
                attempts++;
            }
        }

        attempts.ShouldBeGreaterThan(600);
    }

    [Fact]
    public void A_property_that_is_null_is_as_good_as_absent()
    {
        foreach (var place in DocumentWalk.Places(bundle.Valid()))
        {
            var without = bundle.Valid();
            var with = bundle.Valid();
            DocumentWalk.Set(with, place, null);
            var told = bundle.Create(with);
            if (place[^1] is int)
            {
                told.ShouldContain($"{DocumentWalk.Text(place)}: ", Case.Sensitive);
                told.ShouldContain("is expected, not null");
                continue;
            }

            DocumentWalk.Remove(without, place);
            WithoutNumbers(told).ShouldBe(WithoutNumbers(bundle.Create(without)), $"{DocumentWalk.Text(place)} = null");
        }
    }

    [Fact]
    public void A_hostile_value_of_the_right_kind_is_taken_or_refused_in_one_line()
    {
        var at = 0;
        foreach (var place in DocumentWalk.Places(bundle.Valid()))
        {
            var kind = DocumentWalk.At(bundle.Valid(), place)!.GetValueKind();
            var values = kind switch
            {
                JsonValueKind.String => HostileTexts,
                JsonValueKind.Number => HostileNumbers,
                _ => [],
            };
            for (var i = 0; i < Math.Min(values.Length, 3); i++)
            {
                var text = values[at++ % values.Length];
                var config = bundle.Valid();
                DocumentWalk.Set(config, place, "@");
                var value = kind == JsonValueKind.Number ? text : text == "\ud800" ? "\"\\ud800\"" : JsonSerializer.Serialize(text);
                _ = bundle.Create(Encoding.UTF8.GetBytes(config.ToJsonString().Replace("\"@\"", value)));
            }
        }

        at.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void Random_damage_is_taken_or_refused_in_one_line()
    {
        var refused = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 2 == 0 ? Rearranged(random) : Scratched(random);
            try
            {
                refused += bundle.Create(bytes).Length > 0 ? 1 : 0;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}: {error.Message}\n{Encoding.UTF8.GetString(bytes)}", error);
            }
        }

        refused.ShouldBeGreaterThan(Seeds / 2);
    }

    // Process ids are in some.
    private static string WithoutNumbers(string message) => string.Concat(message.Where(character => !char.IsAsciiDigit(character)));

    // One to four values removed, doubled, or replaced by another of the document.
    private byte[] Rearranged(Random random)
    {
        var config = bundle.Valid();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var places = DocumentWalk.Places(config).ToArray();
            var place = places[random.Next(places.Length)];
            switch (random.Next(3))
            {
                case 0:
                    DocumentWalk.Remove(config, place);
                    break;
                case 1 when DocumentWalk.At(config, place.AsSpan(..^1)) is JsonArray list:
                    list.Add(DocumentWalk.At(config, place)?.DeepClone());
                    break;
                default:
                    DocumentWalk.Set(config, place, DocumentWalk.At(config, places[random.Next(places.Length)])?.DeepClone());
                    break;
            }
        }

        // Without a mount namespace of its own the container's mounts would be the host's, as asked for.
        if (config["linux"] is JsonObject linux && linux["namespaces"] is JsonArray namespaces && !namespaces.Any(item => item is JsonObject some && some["type"]?.ToString() == "mount"))
        {
            namespaces.Add(new JsonObject { ["type"] = "mount" });
        }

        return Encoding.UTF8.GetBytes(config.ToJsonString());
    }

    // One to eight bytes changed, removed or put in.
    private byte[] Scratched(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(bundle.Valid().ToJsonString()).ToList();
        for (var change = random.Next(1, 9); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, (byte)"{}[]\",:0\\\0n"[random.Next(11)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
