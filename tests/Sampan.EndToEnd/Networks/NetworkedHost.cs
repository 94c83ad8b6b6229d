using System.Globalization;

namespace Sampan.EndToEnd.Networks;

/// <summary>
/// A host with a network of its own: commands are run in a network namespace that a process of the test's holds, so that the machine's own gets
/// no bridge, no rule and no route.
/// </summary>
public sealed class NetworkedHost : IDisposable
{
    private readonly RunningCommand _holder = new("/usr/bin/unshare", ["--net", "sh", "-ec", "ip link set lo up; echo ready; exec sleep 100000"]);

    /// <summary>Makes the namespace, and the image.</summary>
    public NetworkedHost()
    {
        _holder.Expect("ready");
        Files = new();
        Directory.CreateDirectory(Configuration);
        File.WriteAllText(Path.Combine(Configuration, "registries.toml"), "[[registry]]\nlocation = \"docker.io\"\nblocked = true\n");
    }

    /// <summary>In place of /etc/sampan: nothing is said of networks.</summary>
    public string Configuration => Path.Combine(Files.Folder, "etc");

    /// <summary>Root, state and folder.</summary>
    public BusyboxHost Files { get; }

    /// <summary>Arguments of nsenter(1) that lead into the namespace.</summary>
    public string[] Entrance => [$"--net=/proc/{_holder.Pid.ToString(CultureInfo.InvariantCulture)}/ns/net"];

    /// <summary>
    /// Runs a script in the namespace, where "sampan" is the binary under test with this host's directories, and "table" prints its table of the packet
    /// filter and "table_name" what that is called; asserts success.
    /// </summary>
    /// <param name="script">For bash.</param>
    /// <returns>What it printed, without the line break at its end.</returns>
    public string Run(string script) => Try(script).ShouldSucceed().TrimEnd('\n');

    /// <summary>The same, whatever becomes of it.</summary>
    /// <inheritdoc cref="Run"/>
    public CommandResult Try(string script)
    {
        using var command = new RunningCommand(
            "/usr/bin/nsenter",
            [
                .. Entrance, "bash", "-c",
                "set -e; binary=$1 root=$2 state=$3; sampan() { \"$binary\" --root \"$root\" --state \"$state\" \"$@\"; }; "
                + "table_name() { nft list tables inet | sed -n 's/^table inet sampan/sampan/p'; }; table() { table_name | xargs -r nft list table inet; }; " + script,
                "bash", Host.Binary, Files.Root, Files.State,
            ],
            [new("SAMPAN_CONFIG", Configuration)]);
        command.CloseInput();
        return command.Wait();
    }

    /// <summary>Removes every container, from inside: whoever finds one without a monitor looks after its network where he is.</summary>
    public void RemoveContainers()
    {
        Run("sampan ps -aq | xargs -r \"$binary\" --root \"$root\" --state \"$state\" rm -f -v");
        Files.RemoveContainers();
    }

    /// <summary>Fails unless nothing of any container is left: devices, addresses.</summary>
    public void ShouldBeEmpty()
    {
        // The kernel takes a dead namespace's devices away in its own time.
        Patience.ShouldCome(() => Run("ls /sys/class/net; ip -br link | grep -c '^sp' || true").EndsWith('0'), "devices are left: " + Run("ip -br link"));
        Run("find \"$state\"/networks -mindepth 2 -not -name '.*' | wc -l").ShouldBe("0", "addresses are leased");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            RemoveContainers();
            ShouldBeEmpty();
        }
        finally
        {
            Files.Dispose();
            _holder.Signal(9);
            _holder.Wait();
            _holder.Dispose();
        }
    }
}
