using System.Text;
using System.Text.Json;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Containers;

/// <summary>
/// The values of --security-opt as the engine keeps them: a seccomp profile's file is read and its content takes the place of its path, and
/// <c>systempaths=unconfined</c> becomes empty lists of masked and read-only paths.
/// </summary>
/// <param name="Values">What stays; null when nothing does.</param>
/// <param name="SystemPathsUnconfined">No path is masked or read-only.</param>
internal readonly record struct SecurityOptions(IReadOnlyList<string>? Values, bool SystemPathsUnconfined)
{
    /// <summary>Reads the values.</summary>
    /// <param name="given">As written on the command line.</param>
    /// <returns>As the engine keeps them.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not an option, or the profile is not JSON.</exception>
    /// <exception cref="LinuxException">The profile cannot be read.</exception>
    public static SecurityOptions Read(IReadOnlyList<string> given)
    {
        if (given.Count == 0)
        {
            return new(null, SystemPathsUnconfined: false);
        }

        var values = new List<string>();
        var unconfined = false;
        foreach (var option in given)
        {
            var separator = option.AsSpan().IndexOfAny('=', ':');
            if (option == "no-new-privileges")
            {
                values.Add(option);
            }
            else if (option is "systempaths=unconfined")
            {
                unconfined = true;
            }
            else if (separator <= 0)
            {
                throw SampanException.InvalidArgument($"invalid --security-opt: \"{option}\"");
            }
            else
            {
                values.Add(Keep(option[..separator], option[(separator + 1)..]));
            }
        }

        return new(values.Count == 0 ? null : values, unconfined);
    }

    private static string Keep(string name, string value) => name switch
    {
        "seccomp" when value is not ("unconfined" or "builtin") => "seccomp=" + ReadProfile(value),
        "seccomp" or "no-new-privileges" or "apparmor" or "label" => $"{name}={value}",
        _ => throw SampanException.InvalidArgument($"invalid --security-opt: \"{name}={value}\""),
    };

    private static string ReadProfile(string path)
    {
        using var file = FileDescriptor.Open(path, OpenFlags.ReadOnly);
        var content = file.ReadToEnd(4 << 20);
        try
        {
            using var document = JsonDocument.Parse(content);
            return Encoding.UTF8.GetString(content);
        }
        catch (JsonException error)
        {
            throw SampanException.InvalidArgument($"compacting json for seccomp profile ({path}) failed: {error.Message}");
        }
    }
}
