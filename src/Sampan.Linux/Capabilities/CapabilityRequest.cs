namespace Sampan.Linux.Capabilities;

/// <summary>What a user asks for with --cap-add, --cap-drop and --privileged, resolved as docker does.</summary>
public static class CapabilityRequest
{
    private const string AllName = "ALL";

    /// <summary>
    /// Resolves a request. Privileged is the whole bounding set. A drop of ALL starts from nothing, an add of ALL from the bounding set;
    /// otherwise the default fourteen less the dropped plus the added. A default that the bounding set lacks is left out; one that is named
    /// by an add is an error, since the user would not get what was asked for.
    /// </summary>
    /// <param name="added">Names, with or without "CAP_", in any case; or ALL.</param>
    /// <param name="dropped">The same.</param>
    /// <param name="privileged">--privileged.</param>
    /// <param name="bounding">What can be had, <see cref="CapabilitySet.Bounding"/>.</param>
    /// <returns>The set of the container.</returns>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.InvalidArgument"/>: an unknown name; <see cref="ErrorKind.Unavailable"/>: the bounding set lacks an added one.
    /// </exception>
    public static CapabilitySet Resolve(
        IReadOnlyList<string>? added,
        IReadOnlyList<string>? dropped,
        bool privileged,
        CapabilitySet bounding)
    {
        var adds = Read("CapAdd", added, out var addAll);
        var drops = Read("CapDrop", dropped, out var dropAll);
        if (privileged)
        {
            return bounding;
        }

        var missing = new CapabilitySet(adds.Bits & ~bounding.Bits);
        if (missing.Bits != 0)
        {
            throw SampanException.Unavailable(
                $"cannot add {string.Join(", ", missing.ToNames())}: not in this process's bounding set (--cap-add ALL grants what it has)");
        }

        if (addAll)
        {
            // Docker looks at the additions first: "ALL" is everything but what is dropped by name, whatever else is dropped.
            return new(bounding.Bits & ~drops.Bits);
        }

        var start = dropAll ? CapabilitySet.Empty : new(CapabilitySet.ContainerDefault.Bits & bounding.Bits & ~drops.Bits);
        return new(start.Bits | adds.Bits);
    }

    private static CapabilitySet Read(string field, IReadOnlyList<string>? names, out bool all)
    {
        all = false;
        var set = CapabilitySet.Empty;
        for (var index = 0; index < (names?.Count ?? 0); index++)
        {
            var name = names![index];
            if (name.Equals(AllName, StringComparison.OrdinalIgnoreCase) || name.Equals("CAP_ALL", StringComparison.OrdinalIgnoreCase))
            {
                all = true;
            }
            else
            {
                set = set.With(CapabilityNames.TryParse(name, out var capability) ? capability : throw CapabilityNames.Unknown(field, name));
            }
        }

        return set;
    }
}
