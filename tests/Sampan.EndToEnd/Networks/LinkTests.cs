namespace Sampan.EndToEnd.Networks;

/// <summary>--link, as docker has it on its bridge and on networks that were made.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void On_the_bridge_they_are_lines_and_variables()
    {
        _host.Run(
            """
            sampan run -d --name web -e A=1 --expose 80 --expose 90-92 --expose 53/udp --network bridge --hostname host1 busybox sleep 1000 >/dev/null
            sampan run -d --name me --link web:alias-x --link web busybox sleep 1000 >/dev/null
            """);
        var address = Address("web", "bridge");
        _host.Run("sampan exec me cat /etc/hosts").ShouldSay($"\n{address}\talias-x host1 web\n", $"\n{address}\tweb host1\n");
        _host.Run("sampan exec me env").ShouldSay(
            $"ALIAS_X_PORT=udp://{address}:53\n", $"ALIAS_X_PORT_90_TCP_END=tcp://{address}:92\n", "ALIAS_X_PORT_80_TCP_PORT=80\n", "ALIAS_X_NAME=/me/alias-x\n", "ALIAS_X_ENV_A=1\n", "WEB_NAME=/me/web\n");
        _host.Run("sampan exec me ping -c 1 -W 5 alias-x").ShouldContain("1 packets received");
        _host.Run("sampan inspect -f '{{json .HostConfig.Links}} {{json .NetworkSettings.Networks.bridge.Links}}' me").ShouldBe("""["/web:/me/alias-x","/web:/me/web"] null""");

        // It is found again where it has gone, and by its new name.
        _host.Run("sampan rename web web2; sampan inspect -f '{{json .HostConfig.Links}}' me").ShouldBe("""["/web2:/me/alias-x","/web2:/me/web"]""");
        _host.Run("sampan rm --link /me/web").ShouldBe("/me/web");
        _host.Run("sampan exec me cat /etc/hosts").ShouldNotContain("\tweb host1");
        _host.Run($"sampan stop -t 0 web2 >/dev/null; sampan network create --subnet 10.9.9.0/24 nn >/dev/null; sampan network disconnect bridge web2; sampan network connect bridge web2; sampan run -d --name filler --network bridge busybox sleep 1000 >/dev/null");
        _host.Run("while [ $(sampan inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' filler) != " + address + " ]; do sampan rm -f filler >/dev/null; sampan run -d --name filler --network bridge busybox sleep 1000 >/dev/null; done; sampan start web2 >/dev/null");
        var moved = Address("web2", "bridge");
        moved.ShouldNotBe(address);
        Patience.ShouldCome(() => _host.Run("sampan exec me cat /etc/hosts").Contains($"\n{moved}\talias-x host1 web2\n", StringComparison.Ordinal), "the line has the new address");

        _host.Run("sampan rm -f web2 >/dev/null");
        _host.Try("sampan restart -t 0 me").ShouldFail(1, "Cannot link to a non running container: /web AS /me/alias-x");
        _host.Run("sampan rm --link /me/alias-x; sampan start me >/dev/null; sampan inspect -f '{{json .HostConfig.Links}}' me").ShouldBe("/me/alias-x\nnull");
    }

    [Fact]
    public void On_other_networks_they_are_names_for_this_container_alone()
    {
        _host.Run(
            """
            sampan network create nn >/dev/null; for name in web other; do sampan run -d --name $name --network nn busybox sleep 1000 >/dev/null; done
            sampan run -d --name me --network nn --link web:q busybox sleep 1000 >/dev/null
            """);
        _host.Run("sampan exec me nslookup q").ShouldContain("Address: " + Address("web", "nn"));
        _host.Run($"sampan exec me nslookup {Address("web", "nn")}").ShouldContain("web.nn");
        _host.Try("sampan exec other nslookup q").ExitCode.ShouldNotBe(0);
        _host.Run("sampan exec me env").ShouldNotContain("Q_NAME");
        _host.Run("sampan inspect -f '{{json .HostConfig.Links}} {{json .NetworkSettings.Networks.nn.Links}}' me").ShouldBe("""null ["web:q"]""");

        // Who is to be linked may come later, and under a connection that is made later.
        _host.Run("sampan network create mm >/dev/null; sampan network connect --link late:z mm me; sampan run -d --name late --network mm busybox sleep 1000 >/dev/null; sampan exec me nslookup z")
            .ShouldContain("Address: " + Address("late", "mm"));
    }

    [Fact]
    public void What_cannot_be_linked_is_refused()
    {
        _host.Run("sampan network create nn >/dev/null; sampan run -d --name un --network nn busybox sleep 1000 >/dev/null; sampan create --name st --network bridge busybox true >/dev/null; sampan create --name hh --network host busybox true >/dev/null");
        _host.Try("sampan run --rm --link nosuch busybox true").ShouldFail(125, "could not get container for nosuch: No such container: nosuch");
        _host.Try("sampan run --rm --link a:b:c busybox true").ShouldFail(125, "invalid argument \"a:b:c\" for \"--link\" flag: bad format for links: a:b:c");
        _host.Try("sampan run --rm --network host --link un busybox true").ShouldFail(125, "conflicting options: host type networking can't be used with links");
        _host.Try("sampan run --rm --network container:un --link un busybox true").ShouldFail(125, "conflicting options: container type network can't be used with links");
        _host.Try("sampan run --rm --link hh busybox true").ShouldFail(125, "conflicting options: host type networking can't be used with links");
        _host.Try("sampan run --rm --name p1 --link st:q busybox true").ShouldFail(125, "Cannot link to a non running container: /st AS /p1/q");
        _host.Try("sampan run --rm --link un:q busybox true").ShouldFail(125, "Cannot link to /un, as it does not belong to the default network");
    }

    private string Address(string container, string network) =>
        _host.Run($"sampan inspect -f '{{{{.NetworkSettings.Networks.{network}.IPAddress}}}}' {container}");
}
