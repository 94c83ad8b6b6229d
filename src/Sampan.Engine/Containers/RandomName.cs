using System.Buffers.Binary;
using System.Globalization;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Containers;

/// <summary>Names for containers whose user gave none: a mood and somebody who knew boats, the sea or what lies beyond it.</summary>
internal static unsafe class RandomName
{
    private static readonly string[] Moods =
    [
        "able", "amber", "ample", "agile", "azure", "balmy", "bold", "brave", "breezy", "bright", "brisk", "buoyant", "calm", "candid", "cheery",
        "clear", "clever", "coastal", "cosy", "crisp", "daring", "deft", "early", "easy", "eager", "fair", "fleet", "fond", "frank", "fresh",
        "gentle", "glad", "golden", "grand", "hardy", "hearty", "honest", "humble", "jolly", "keen", "kind", "light", "lively", "lofty", "loyal",
        "lucid", "mellow", "merry", "mild", "modest", "neat", "nimble", "noble", "novel", "patient", "placid", "plucky", "proud", "quick", "quiet",
        "ready", "restful", "roaming", "robust", "rosy", "sage", "salty", "serene", "sharp", "silver", "smart", "smooth", "snug", "sober", "solid",
        "spry", "stable", "steady", "still", "stout", "sunny", "supple", "sure", "swift", "tender", "thrifty", "tidal", "tidy", "tranquil", "true",
        "vivid", "warm", "wary", "wise", "witty", "worthy", "zesty",
    ];

    private static readonly string[] People =
    [
        "amundsen", "anning", "baret", "barents", "batuta", "beaufort", "bering", "bly", "bowditch", "brunel", "cabot", "carson", "chichester",
        "ching", "clark", "conrad", "cook", "cousteau", "darwin", "davis", "drake", "earle", "ekman", "erikson", "fitzroy", "flinders", "franklin",
        "frobisher", "fulton", "gama", "halley", "harrison", "henson", "heyerdahl", "hipparchus", "hudson", "humboldt", "joshua", "kane", "kelvin",
        "knox", "krill", "kupe", "laperouse", "ledyard", "lovelace", "magellan", "malaspina", "marco", "maury", "mercator", "moitessier", "munk",
        "nansen", "nelson", "nobile", "pacheco", "pelayo", "piccard", "polo", "ptolemy", "pytheas", "rackham", "raleigh", "ross", "sacagawea",
        "scoresby", "shackleton", "slocum", "sverdrup", "tabei", "tasman", "tharp", "torres", "tupaia", "vespucci", "walsh", "wegener", "weddell",
        "wilkes", "xu", "yamashita", "zheng",
    ];

    /// <summary>A name.</summary>
    /// <param name="attempt">How many were taken before; later ones get a digit, as docker's do.</param>
    public static string Next(int attempt)
    {
        Span<byte> bytes = stackalloc byte[6];
        fixed (byte* pointer = bytes)
        {
            Kernel.Check(Kernel.Call(SystemCall.Getrandom, (nint)pointer, bytes.Length), "get random bytes");
        }

        var mood = Moods[BinaryPrimitives.ReadUInt16LittleEndian(bytes) % Moods.Length];
        var person = People[BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) % People.Length];
        var name = string.Concat(mood, "_", person);
        return attempt < 3 ? name : name + (BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) % (10 * attempt)).ToString(CultureInfo.InvariantCulture);
    }
}
