using Sampan.Linux;

namespace Sampan.Cli.Commands.Registries;

/// <summary>Docker's content trust, which is not done: registries no longer serve it.</summary>
internal static class ContentTrust
{
    /// <summary>What --disable-content-trust=false gets.</summary>
    /// <param name="verb">pull, push or run.</param>
    /// <returns>The error.</returns>
    public static SampanException Refused(string verb) =>
        SampanException.Unavailable($"--disable-content-trust=false: {verb} asks no Notary server: name images by digest, and leave the flag out");
}
