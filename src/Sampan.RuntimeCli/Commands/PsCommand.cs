using System.Globalization;
using System.Text;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Processes;
using Sampan.Runtime.Launching;

namespace Sampan.RuntimeCli.Commands;

/// <summary>ps: the host's ps(1), its lines reduced to the container's processes.</summary>
internal sealed class PsCommand : Command
{
    private readonly ValueFlag<string> _format;

    public PsCommand() => _format = Flags.Text("format", 'f', "select one of: table or json", "table");

    public override string Usage => "[command options] <container-id> [ps options]";

    public override int Least => 1;

    public override int Most => int.MaxValue;

    public override bool Interspersed => false;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var pids = session.Find(arguments[0]).Cgroup.Pids();
        if (_format.Value == "json")
        {
            session.Out.WriteLine($"[{string.Join(',', pids)}]");
            return 0;
        }

        if (_format.Value != "table")
        {
            throw new UsageException("invalid format option");
        }

        var rest = new List<string>(arguments);
        rest.RemoveAt(0);
        var lines = HostPs(rest.Count > 0 ? rest : ["-ef"]).Split('\n');
        var column = Array.IndexOf(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), "PID");
        if (column < 0)
        {
            throw SampanException.InvalidArgument("couldn't find PID field in ps output: ask ps for it");
        }

        session.Out.WriteLine(lines[0]);
        foreach (var line in lines.AsSpan(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > column && int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pids.Contains(pid))
            {
                session.Out.WriteLine(line);
            }
        }

        return 0;
    }

    private static string HostPs(List<string> options)
    {
        using var output = MemoryFile.Create("ps");
        using var nothing = FileDescriptor.Open("/dev/null", OpenFlags.ReadWrite);
        using var process = ProgramLauncher.Launch(new()
        {
            Path = "/bin/ps",
            Arguments = ["ps", .. options],
            Environment = ["LC_ALL=C", "PATH=/usr/bin:/bin"],
            Stdin = nothing,
            Stdout = output,
            Stderr = output,
        });
        var status = ChildProcess.Wait(process.PidFd);
        output.Seek(0, SeekOrigin.Begin);
        var text = Encoding.UTF8.GetString(output.ReadToEnd());
        return status == 0 ? text : throw SampanException.InvalidArgument($"ps {string.Join(' ', options)}: exit status {status}: {text.Trim()}");
    }
}
