using Sampan.Engine.Specs;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Specs;

public sealed class UserDatabaseTests
{
    private static readonly UserDatabase Users = new(
        """
        # comment
        root:x:0:0:root:/root:/bin/sh
        broken:x:notanumber:0::/:
        daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
        1000:x:7:7:a trap:/trap:/bin/sh
        web:x:1000:50:web:/srv/web:/bin/sh
        bare:x:8:8
        huge:x:4294967296:0::/:

        """u8.ToArray(),
        "root:x:0:\nadm:x:4:web,root\nwheel:x:10:root\nstaff:x:50:web\nops:x:60:other,web\nbroken:x::web\n"u8.ToArray());

    [Fact]
    public void NobodyNamedIsRootWithItsGroups()
    {
        var root = Users.Resolve("");
        (root.Uid, root.Gid, root.Home).ShouldBe((0u, 0u, "/root"));
        root.Groups.ShouldBe([0u, 4u, 10u]);
    }

    [Fact]
    public void ANameBringsItsGroups() => Users.Resolve("web").Groups.ShouldBe([50u, 4u, 60u]);

    [Fact]
    public void ANumberIsNeverAName()
    {
        var user = Users.Resolve("1000");
        (user.Uid, user.Gid, user.Home).ShouldBe((1000u, 50u, "/srv/web"));
    }

    [Fact]
    public void ANumberNeedsNoEntry()
    {
        var user = Users.Resolve("4242:4343");
        (user.Uid, user.Gid, user.Home).ShouldBe((4242u, 4343u, "/"));
        user.Groups.ShouldBe([4343u]);
        new UserDatabase(null, null).Resolve("5").Groups.ShouldBe([0u]);
    }

    [Fact]
    public void AGivenGroupTakesThePlaceOfAllOthers() => Users.Resolve("web:wheel").Groups.ShouldBe([10u]);

    [Fact]
    public void GroupsCanBeAdded() => Users.Resolve("web", ["wheel", "99", "adm"]).Groups.ShouldBe([50u, 4u, 60u, 10u, 99u]);

    [Fact]
    public void AShortEntryHasNoHome() => Users.Resolve("bare").Home.ShouldBe("/");

    [Theory]
    [InlineData("nobody", "unable to find user nobody: no matching entries in passwd file")]
    [InlineData("0x0", "unable to find user 0x0: no matching entries in passwd file")]
    [InlineData("root\n", "unable to find user root\\n: no matching entries in passwd file")]
    [InlineData("+0", "unable to find user +0: no matching entries in passwd file")]
    [InlineData("huge", "unable to find user huge: no matching entries in passwd file")]
    [InlineData("broken", "unable to find user broken: no matching entries in passwd file")]
    [InlineData("4294967296", "uids and gids must be in range 0-2147483647: 4294967296")]
    [InlineData("-1", "uids and gids must be in range 0-2147483647: -1")]
    [InlineData("0:-1", "uids and gids must be in range 0-2147483647: -1")]
    [InlineData("99999999999999999999", "uids and gids must be in range 0-2147483647: 99999999999999999999")]
    [InlineData("0:none", "unable to find group none: no matching entries in group file")]
    public void WhoIsNotThereIsNamed(string user, string message)
    {
        var error = Should.Throw<SampanException>(() => Users.Resolve(user));
        error.Message.ShouldBe(message);
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
    }
}
