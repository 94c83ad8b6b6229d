using Sampan.EndToEnd.Failures;

namespace Sampan.EndToEnd.Registries;

/// <summary>
/// pull and push, and what loads, removes and collects images beside them, are killed at random moments: the store is whole, the registry never has a
/// tag whose image is not, and what was broken off is done by the next. 500 kills or three quarters of a minute.
/// </summary>
public sealed class KilledTransferTests(RegistryHost registry) : IClassFixture<RegistryHost>, IDisposable
{
    private const int Images = 3;
    private const int Megabyte = 1 << 20;
    private readonly ClientHost _host = new();
    private readonly ClientHost _other = new();
    private readonly string[] _ids = new string[Images];
    private readonly List<(string Name, int Number)> _pushed = [];

    [Fact]
    public void Stores_and_registry_are_whole()
    {
        for (var number = 0; number < Images; number++)
        {
            Prepare(number);
        }

        var commands = new KilledCommands(_host, TimeSpan.FromSeconds(45));
        for (var round = 0; commands.GoOn; round++)
        {
            var at = round;
            commands.Round(() => Choose(commands.Random, at), longest: 250);
            if (round % 10 == 9)
            {
                AllIsWell(commands);
            }
        }

        AllIsWell(commands);
        commands.Tell();
        for (var number = 0; number < Images; number++)
        {
            var name = $"{registry.Address}/last/app:{number}";
            _host.Sampan("load", "-i", Archive(number)).ShouldSucceed();
            _host.Sampan("tag", $"sent:{number}", name).ShouldSucceed();
            _host.Sampan("push", "-q", name).ShouldSucceed();
            IsThere(name, number, "").ShouldBeTrue();
        }

        _host.Sampan(["rmi", "-f", .. _ids]).ShouldSucceed();
        _host.Sampan("image", "prune", "-f").ShouldSucceed();
        foreach (var folder in new[] { "blobs/sha256", "layers", "work" })
        {
            Directory.GetFileSystemEntries(Path.Combine(_host.Root, folder)).ShouldBeEmpty(folder);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _host.Dispose();
        _other.Dispose();
    }

    private string Archive(int number) => Path.Combine(_host.Folder, $"sent-{number}.tar");

    // Each is at the registry, packed, and in an archive, as it is.
    private void Prepare(int number)
    {
        registry.Pusher.MakeImage($"sent:{number}", Megabyte, 2 * Megabyte, 100_000);
        registry.Pusher.Sampan("save", "-o", Archive(number), $"sent:{number}").ShouldSucceed();
        registry.Push($"sent:{number}", $"there/app:{number}");
        _ids[number] = registry.Pusher.Inspect($"sent:{number}", "{{.Id}}");
    }

    private string[] Choose(Random random, int round)
    {
        var number = random.Next(Images);
        switch (random.Next(8))
        {
            case 0:
            case 1:
                return ["pull", $"{registry.Address}/there/app:{number}"];
            case 2:
                return ["load", "-i", Archive(number)];
            case 3:
                return ["rmi", "-f", _ids[number]];
            case 4:
                return ["image", "prune", "-f"];
            default:
                // A repository that has nothing yet, of an image that may be here as it was loaded, as it was pulled, or not.
                var name = $"{registry.Address}/push-{round}/app:{number}";
                if (_host.Sampan("tag", _ids[number], name).ExitCode == 0)
                {
                    _pushed.Add((name, number));
                }

                return ["push", "-q", name];
        }
    }

    private void AllIsWell(KilledCommands commands)
    {
        commands.ShouldBeWhole();
        foreach (var (name, number) in _pushed)
        {
            _ = IsThere(name, number, commands.Said);
        }

        _pushed.Clear();
    }

    /// <returns>Whether the registry has it: whole, or not at all.</returns>
    private bool IsThere(string name, int number, string said)
    {
        var pull = _other.Sampan("pull", "-q", name);
        if (pull.ExitCode != 0)
        {
            pull.Error.ShouldMatch("manifest unknown|not found|name unknown", $"{pull}\n{said}");
            return false;
        }

        _other.Inspect(name, "{{.Id}}").ShouldBe(_ids[number], said);
        _other.Sampan("rmi", name).ShouldSucceed();
        return true;
    }
}
