using System.Globalization;
using System.Text;
using System.Text.Json;
using Sampan.Flags;
using Sampan.Json;
using Sampan.Linux.Files;
using Sampan.Runtime.Containers;

namespace Sampan.RuntimeCli.Commands;

/// <summary>list: the containers of a root.</summary>
internal sealed class ListCommand : Command
{
    private const int LongestPasswd = 16 << 20;

    private readonly ValueFlag<string> _format;
    private readonly Switch _quiet;

    public ListCommand()
    {
        _format = Flags.Text("format", 'f', "select one of: table or json", "table");
        _quiet = Flags.Switch("quiet", 'q', "display only container IDs");
    }

    public override string Usage => "[command options]";

    public override int Least => 0;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var containers = OciContainer.List(session.Options.Root, session.Warn);
        if (_quiet.Value)
        {
            foreach (var container in containers)
            {
                session.Out.WriteLine(container.Id);
            }

            return 0;
        }

        switch (_format.Value)
        {
            case "table":
                WriteTable(session, containers);
                return 0;
            case "json":
                WriteJson(session, containers);
                return 0;
            default:
                throw new UsageException("invalid format option");
        }
    }

    // Field 3 of a line is the number, field 1 the name (passwd(5)); without a name runc shows #NUMBER.
    private static string Owner(OciContainer container)
    {
        var number = container.Owner.ToString(CultureInfo.InvariantCulture);
        foreach (var line in Encoding.UTF8.GetString(FileTree.TryRead("/etc/passwd", LongestPasswd) ?? []).Split('\n'))
        {
            if (line.Split(':') is [var name, _, var uid, ..] && uid == number)
            {
                return name;
            }
        }

        return "#" + number;
    }

    private static void WriteTable(Session session, IReadOnlyList<OciContainer> containers)
    {
        var rows = new List<string[]>(containers.Count + 1) { (string[])["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"] };
        foreach (var container in containers)
        {
            var status = container.Status;
            rows.Add([
                container.Id, status == ContainerStatus.Stopped ? "0" : $"{container.Record.Pid}", status.Text(), container.Record.Bundle,
                StateDocument.Time(container.Record.Created), Owner(container),
            ]);
        }

        Span<int> widths = stackalloc int[6];
        widths.Clear();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Length);
            }
        }

        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                session.Out.Write(row[column]);
                if (column < row.Length - 1)
                {
                    // tabwriter of minimal width 12, padding 1, in blanks: what runc's table is laid out with.
                    session.Out.Repeat(' ', Math.Max(12, widths[column] + 1) - row[column].Length);
                }
            }

            session.Out.WriteLine();
        }
    }

    private static void WriteJson(Session session, IReadOnlyList<OciContainer> containers)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new() { Encoder = JsonTextEncoder.Instance }))
        {
            json.WriteStartArray();
            foreach (var container in containers)
            {
                StateDocument.Write(json, container.Record, container.Status, Owner(container));
            }

            json.WriteEndArray();
        }

        session.Out.WriteBytes(memory.ToArray());
        session.Out.WriteLine();
    }
}
