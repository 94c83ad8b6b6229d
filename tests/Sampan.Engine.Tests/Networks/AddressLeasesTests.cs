using System.Collections.Concurrent;
using System.Net;
using Sampan.Engine.Networks;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Tests.Networks;

/// <summary>Addresses that are leased by links.</summary>
public sealed class AddressLeasesTests : IDisposable
{
    private const string Network = "network";

    private static readonly AddressRange Small = new(IPNetwork.Parse("10.9.0.0/28"), null, IPAddress.Parse("10.9.0.1"), []);

    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-leases-").FullName;

    public AddressLeasesTests() => AddressLeases.Begin(Paths, Network);

    private EnginePaths Paths => new(_folder + "/root", _folder + "/state");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void One_after_the_other_until_none_is_left()
    {
        using var leases = Open();
        for (var number = 2; number <= 14; number++)
        {
            Take(leases, "c" + number)!.ToString().ShouldBe($"10.9.0.{number}");
        }

        Take(leases, "more").ShouldBeNull();
        leases.Release(IPAddress.Parse("10.9.0.7"));
        Take(leases, "more")!.ToString().ShouldBe("10.9.0.7");
        leases.List().Count.ShouldBe(13);
    }

    [Fact]
    public void What_was_just_given_back_is_not_given_again_at_once_but_to_whom_it_was()
    {
        using var leases = Open();
        var first = Take(leases, "a")!;
        leases.Release(first);
        var second = Take(leases, "b")!;
        second.ShouldNotBe(first);
        Take(leases, "a", first).ShouldBe(first);
        Take(leases, "d", first)!.ToString().ShouldBe("10.9.0.4");
    }

    [Fact]
    public void A_lease_says_whose_it_is()
    {
        using var leases = Open();
        var holder = new LeaseHolder("id", "endpoint", "02:42:0a:09:00:05", "web", ["www", "both"]);
        leases.TryTake(IPAddress.Parse("10.9.0.5"), holder).ShouldBeTrue();
        leases.TryTake(IPAddress.Parse("10.9.0.5"), holder with { Container = "other" }).ShouldBeFalse();
        leases.TryTake(IPAddress.Parse("fd00::5"), holder with { Aliases = [] }).ShouldBeTrue();
        var listed = leases.List().OrderBy(static lease => lease.Address.ToString(), StringComparer.Ordinal).ToList();
        listed.Select(static lease => lease.Address.ToString()).ShouldBe(["10.9.0.5", "fd00::5"]);
        listed[0].Holder.ToString().ShouldBe(holder.ToString());
        listed[0].Holder.Aliases.ShouldBe(["www", "both"]);
        listed[1].Holder.Aliases.ShouldBeEmpty();
        AddressLeases.ReleaseAll(Paths, "somebody");
        leases.List().Count.ShouldBe(2);
        AddressLeases.ReleaseAll(Paths, "id");
        Open().List().ShouldBeEmpty();
    }

    [Fact]
    public void Many_at_once_get_different_ones()
    {
        var range = new AddressRange(IPNetwork.Parse("10.9.0.0/24"), null, IPAddress.Parse("10.9.0.1"), []);
        var taken = new ConcurrentBag<IPAddress>();
        Parallel.For(0, 200, number =>
        {
            using var leases = Open();
            taken.Add(leases.Take(range, null, address => new($"{number}", "e", "m", "n", []))!);
        });
        taken.Distinct().Count().ShouldBe(200);
    }

    [Fact]
    public void It_ends_when_nobody_is_on_it()
    {
        using (var leases = Open())
        {
            Take(leases, "a");
            AddressLeases.TryEnd(Paths, Network).ShouldBeFalse();
            leases.Release(IPAddress.Parse("10.9.0.2"));
        }

        AddressLeases.TryEnd(Paths, Network).ShouldBeTrue();
        AddressLeases.TryOpen(Paths, Network).ShouldBeNull();
        AddressLeases.TryEnd(Paths, Network).ShouldBeTrue();
    }

    private static IPAddress? Take(AddressLeases leases, string container, IPAddress? wish = null) =>
        leases.Take(Small, wish, address => new(container, "endpoint", "mac", "name", []));

    private AddressLeases Open() => AddressLeases.TryOpen(Paths, Network) ?? throw new InvalidOperationException("it is not set up");
}
