using Sampan.Flags;
using Sampan.Networking.Addresses;
using Sampan.Networking.Names;

namespace Sampan.Cli.Values;

/// <summary>Names and addresses of hosts.</summary>
internal static class HostArgument
{
    /// <summary>Checks a line for /etc/hosts.</summary>
    /// <param name="text">host:address or host=address.</param>
    /// <returns>host:address.</returns>
    /// <exception cref="ValueException">Another form, or not an address.</exception>
    public static string Check(string text)
    {
        var separator = text.IndexOf('=', StringComparison.Ordinal);
        separator = separator < 0 ? text.IndexOf(':', StringComparison.Ordinal) : separator;
        if (separator <= 0)
        {
            throw new ValueException($"bad format for add-host: \"{text}\"");
        }

        var address = text[(separator + 1)..].Trim('[', ']');
        return address == ExtraHost.Gateway || AddressPrefix.TryParseAddress(address) is not null
            ? $"{text[..separator]}:{address}"
            : throw new ValueException($"invalid IP address in add-host: \"{address}\"");
    }

    /// <summary>Checks an address.</summary>
    /// <param name="text">IPv4 or IPv6.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ValueException">Not an address.</exception>
    public static string CheckAddress(string text) =>
        AddressPrefix.TryParseAddress(text)?.ToString() ?? throw new ValueException($"IP address is not correctly formatted: {text}");

    /// <summary>Checks a domain that names are looked for in.</summary>
    /// <param name="text">Labels with dots between; "." alone is none.</param>
    /// <returns>The domain.</returns>
    /// <exception cref="ValueException">Not a domain, by docker's rule: letters, digits, hyphens inside, and a letter somewhere.</exception>
    public static string CheckDomain(string text)
    {
        const int longest = 255;
        var domain = text.Trim();
        if (domain == ".")
        {
            return domain;
        }

        var (isDomain, hasLetter) = (domain.Length is > 0 and <= longest, false);
        foreach (var label in (domain.EndsWith('.') ? domain[..^1] : domain).Split('.'))
        {
            isDomain &= label.Length > 0 && label[0] != '-' && label[^1] != '-';
            foreach (var character in label)
            {
                hasLetter |= char.IsAsciiLetter(character);
                isDomain &= char.IsAsciiLetterOrDigit(character) || character == '-';
            }
        }

        return isDomain && hasLetter ? domain : throw new ValueException($"{text} is not a valid domain");
    }
}
