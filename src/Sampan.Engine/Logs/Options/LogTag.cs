using System.Text;
using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>Option tag of a log: text with the fields of docker's log tags in it, {{.Name}}/{{.ID}}.</summary>
internal static class LogTag
{
    /// <summary>What a log without the option is tagged with.</summary>
    public const string Standard = "{{.ID}}";

    private const string Fields = ".ID .FullID .Name .ImageID .ImageFullID .ImageName .Command .Hostname .DaemonName";

    /// <summary>Refuses a template that names what there is not, before there is a container.</summary>
    /// <param name="template">The option's value.</param>
    /// <exception cref="SampanException">InvalidArgument: it does.</exception>
    public static void Check(string template) => Expand(template, static _ => "");

    /// <summary>The tag of a container.</summary>
    /// <param name="template">The option's value.</param>
    /// <param name="container">The container.</param>
    /// <exception cref="SampanException">InvalidArgument: the template names what there is not.</exception>
    public static string Of(string template, Container container) => Expand(template, field => field switch
    {
        ".ID" => Short(container.Id),
        ".FullID" => container.Id,
        ".Name" => container.Name,
        ".ImageID" => Short(Digits(container.ImageId)),
        ".ImageFullID" => container.ImageId,
        ".ImageName" => container.Config.Image,
        ".Command" => string.Join(' ', [container.Path, .. container.Args]),
        ".Hostname" => Environment.MachineName,
        _ => "sampan",
    });

    private static string Short(string id) => id[..Math.Min(12, id.Length)];

    private static string Digits(string digest) => digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static string Expand(string template, Func<string, string> valueOf)
    {
        var text = new StringBuilder();
        var rest = template;
        for (var open = rest.IndexOf("{{", StringComparison.Ordinal); open >= 0; open = rest.IndexOf("{{", StringComparison.Ordinal))
        {
            var close = rest.IndexOf("}}", open, StringComparison.Ordinal);
            var field = close < 0 ? "" : rest[(open + 2)..close].Trim();
            if (Array.IndexOf(Fields.Split(' '), field) < 0)
            {
                throw SampanException.InvalidArgument(
                    close < 0
                        ? $"template: log-tag: unclosed action in \"{template}\""
                        : $"template: log-tag: can't evaluate field {field.TrimStart('.')} in \"{template}\": there are {Fields}");
            }

            text.Append(rest, 0, open).Append(valueOf(field));
            rest = rest[(close + 2)..];
        }

        return text.Append(rest).ToString();
    }
}
