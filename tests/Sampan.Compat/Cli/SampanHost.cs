namespace Sampan.Compat.Cli;

/// <summary>Sampan with directories and a network namespace of its own, as docker beside it, and the same image.</summary>
public sealed class SampanHost : ICliEngine
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-compat-cli-").FullName;

    private readonly RunningCommand _network = new("unshare", ["--net", "/bin/sh", "-ec", "ip link set lo up; echo ready; read -r end"]);

    /// <summary>Loads the image.</summary>
    public SampanHost()
    {
        _network.Expect("ready");
        var archive = Path.Combine(_folder, "busybox.tar");
        ImageArchive.Write(archive);
        Registries = new(_folder, ["nsenter", .. InNetwork]);

        // As docker's daemon beside it, which is started with --bridge none.
        Directory.CreateDirectory(Configuration);
        File.WriteAllText(Path.Combine(Configuration, "networks.json"), """{"bridge": "none"}""");
        Shell("engine load --quiet --input busybox.tar", _folder).ShouldSucceed();
    }

    /// <inheritdoc/>
    public CaseRegistries Registries { get; }

    private string[] InNetwork => [$"--net=/proc/{_network.Pid}/ns/net", "--"];

    private string Configuration => Path.Combine(_folder, "configuration");

    private static string Binary => Path.Combine(RuntimeUnderTest.Repository, ".build/bin/sampan");

    /// <inheritdoc/>
    public CommandResult Shell(string script, string folder)
    {
        using var command = new RunningCommand(
            "nsenter",
            [
                .. InNetwork, "/bin/sh", "-c", Registries.Variables + "cd \"$1\"; binary=$2; root=$3; state=$4; shift 4; engine() { \"$binary\" --root \"$root\" --state \"$state\" \"$@\"; }; " + script,
                "sh", folder, Binary, Path.Combine(_folder, "root"), Path.Combine(_folder, "state"),
            ],
            [new("DOCKER_CONFIG", Path.Combine(_folder, "client")), new("SAMPAN_CONFIG", Configuration)]);
        command.CloseInput();
        return command.Wait();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Shell(Cleaning.Script, _folder).ShouldSucceed();
        Registries.Dispose();
        _network.CloseInput();
        _network.Wait();
        _network.Dispose();
        using var removal = new RunningCommand("rm", ["-rf", "--", _folder]);
        removal.Wait().ShouldSucceed();
    }
}
