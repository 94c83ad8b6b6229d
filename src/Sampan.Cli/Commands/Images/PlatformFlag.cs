using Sampan.Flags;
using Sampan.Images;

namespace Sampan.Cli.Commands.Images;

/// <summary>--platform of the commands about images: the store has one platform of each, and the flag refuses the others.</summary>
internal sealed class PlatformFlag
{
    /// <summary>What docker's help says of the value.</summary>
    public const string Form = "Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")";

    private readonly ValueFlag<string> _value;

    /// <summary>Declares the flag.</summary>
    /// <param name="flags">Of the command.</param>
    /// <param name="help">What the command does with it.</param>
    public PlatformFlag(FlagSet flags, string help) => _value = flags.Text("platform", '\0', help);

    /// <summary>The platform; null for any.</summary>
    /// <exception cref="Linux.SampanException">It is none.</exception>
    public PlatformFilter? Value => _value.Value.Length == 0 ? null : PlatformFilter.Parse(_value.Value);

    /// <summary>Refuses images for other platforms.</summary>
    /// <param name="session">The images.</param>
    /// <param name="names">As the user typed them. One that is not there is left to the command.</param>
    /// <exception cref="Linux.SampanException">One is for another platform, in docker's words.</exception>
    public void Require(Session session, params IEnumerable<string> names)
    {
        if (Value is not { } platform)
        {
            return;
        }

        foreach (var name in names)
        {
            if (session.Images.TryFind(name) is { } image)
            {
                platform.Require(image.Config, name);
            }
        }
    }
}
