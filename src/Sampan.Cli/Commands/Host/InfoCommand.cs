using System.Text.Json;
using Sampan.Cli.Commands.Inspection;
using Sampan.Cli.Formatting;
using Sampan.Cli.Formatting.Templates;
using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Flags;
using Sampan.Linux.Cgroups;

namespace Sampan.Cli.Commands.Host;

/// <summary>sampan info.</summary>
internal sealed class InfoCommand : Command
{
    private readonly ValueFlag<string> _format;

    /// <summary>Declares the flags.</summary>
    public InfoCommand() => _format = FormatFlag.ForObject(Flags);

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        using var document = Document(session);
        if (_format.Value.Length > 0)
        {
            session.Out.WriteLine(new Template(_format.Value == "json" ? "{{json .}}" : _format.Value).Execute(document.RootElement));
            return 0;
        }

        session.Out.Write(new Template(
            """
            Containers: {{.Containers}}
             Running: {{.ContainersRunning}}
             Paused: {{.ContainersPaused}}
             Stopped: {{.ContainersStopped}}
            Images: {{.Images}}
            Server Version: {{.ServerVersion}}
            Storage Driver: {{.Driver}}
            Logging Driver: {{.LoggingDriver}}
            Cgroup Driver: {{.CgroupDriver}}
            Cgroup Version: {{.CgroupVersion}}
            Networks: bridge host none
            Security Options:
            {{range .SecurityOptions}}  {{.}}
            {{end}}Kernel Version: {{.KernelVersion}}
            Operating System: {{.OperatingSystem}}
            OSType: {{.OSType}}
            Architecture: {{.Architecture}}
            CPUs: {{.NCPU}}
            Total Memory: {{.TotalMemory}}
            Name: {{.Name}}
            Sampan Root Dir: {{.DockerRootDir}}
            Sampan State Dir: {{.StateDir}}

            """).Execute(document.RootElement));
        foreach (var warning in document.RootElement.GetProperty("Warnings").EnumerateArray())
        {
            session.Warn(warning.GetString()!);
        }

        return 0;
    }

    private static JsonDocument Document(Session session)
    {
        var all = session.Engine.Containers.List();
        var running = 0;
        foreach (var container in all)
        {
            running += container.State.Status == ContainerStatus.Running ? 1 : 0;
        }

        var version = CgroupHierarchy.Detect().Version;
        return JsonDocuments.Make(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("Containers", all.Count);
            writer.WriteNumber("ContainersRunning", running);
            writer.WriteNumber("ContainersPaused", 0);
            writer.WriteNumber("ContainersStopped", all.Count - running);
            writer.WriteNumber("Images", session.Images.List().Count);
            writer.WriteString("ServerVersion", ProductVersion.Text);
            writer.WriteString("Driver", "overlay2");
            writer.WriteString("LoggingDriver", "json-file");
            writer.WriteString("CgroupDriver", "cgroupfs");
            writer.WriteString("CgroupVersion", version == CgroupVersion.V2 ? "2" : "1");
            writer.WriteStartArray("SecurityOptions");
            writer.WriteStringValue("name=seccomp,profile=builtin");
            writer.WriteEndArray();
            writer.WriteString("KernelVersion", HostFacts.KernelVersion);
            writer.WriteString("OperatingSystem", HostFacts.OperatingSystem);
            writer.WriteString("OSType", "linux");
            writer.WriteString("Architecture", HostFacts.Machine);
            writer.WriteNumber("NCPU", Environment.ProcessorCount);
            writer.WriteNumber("MemTotal", HostFacts.Memory);
            writer.WriteString("TotalMemory", HumanSize.FormatMemory(HostFacts.Memory));
            writer.WriteString("Name", HostFacts.Hostname);
            writer.WriteString("DockerRootDir", session.Options.Root);
            writer.WriteString("StateDir", session.Options.State);
            writer.WriteStartArray("Warnings");
            foreach (var warning in HostFirewall.Warnings())
            {
                writer.WriteStringValue(warning);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
