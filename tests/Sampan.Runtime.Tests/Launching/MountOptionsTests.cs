using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Tests.Launching;

public sealed class MountOptionsTests
{
    [Fact]
    public void Options_are_sorted_into_attributes_propagation_and_data()
    {
        var options = MountOptions.Parse(["rbind", "ro", "nosuid", "rslave", "size=64k", "huge"]);
        options.BindRecursive.ShouldBeTrue();
        options.Set.ShouldBe(MountFlags.AttributeReadOnly | MountFlags.AttributeNoSuid);
        options.Propagations.ShouldBe([(MountFlags.Slave, true)]);
        options.Data.ShouldBe(["size=64k", "huge"]);
    }

    [Fact]
    public void The_last_word_counts()
    {
        var options = MountOptions.Parse(["noexec", "nodev", "exec"]);
        options.Set.ShouldBe(MountFlags.AttributeNoDev);
        options.Clear.ShouldBe(MountFlags.AttributeNoExec);
    }

    [Fact]
    public void An_r_before_an_attribute_is_for_the_whole_tree()
    {
        var options = MountOptions.Parse(["rro", "rnosuid", "relatime"]);
        options.RecursiveSet.ShouldBe(MountFlags.AttributeReadOnly | MountFlags.AttributeNoSuid);
        options.Set.ShouldBe(0UL);
    }

    [Theory]
    [InlineData("ro,rw", "", "ro")]
    [InlineData("rw,ro", "ro", "")]
    [InlineData("noatime", "noatime", "atime")]
    [InlineData("noatime,strictatime", "strictatime", "atime")]
    [InlineData("strictatime,atime", "", "atime")]
    [InlineData("noatime,relatime", "", "atime")]
    [InlineData("noatime,norelatime", "noatime", "atime")]
    [InlineData("nodiratime,diratime,nosymfollow", "nosymfollow", "nodiratime")]
    [InlineData("nosymfollow,symfollow,noexec,exec,nodev,dev,nosuid,suid", "", "nosymfollow,noexec,nodev,nosuid")]
    public void Contradictions_end_with_the_last_word_and_access_times_are_one_field(string words, string set, string clear)
    {
        var options = MountOptions.Parse(words.Split(','));
        options.Set.ShouldBe(Bits(set));
        options.Clear.ShouldBe(Bits(clear));
        options.Data.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("slave,shared", "slave,shared")]
    [InlineData("rshared,rprivate", "rprivate")]
    [InlineData("rslave,private", "rslave,private")]
    [InlineData("shared,unbindable", "unbindable")]
    public void Propagation_is_asked_for_in_order_and_only_a_slave_is_shared_too(string words, string kept) =>
        MountOptions.Parse(words.Split(',')).Propagations.ShouldBe(
            kept.Split(',').Select(word => (word.TrimStart('r') switch
            {
                "slave" => MountFlags.Slave,
                "shared" => MountFlags.Shared,
                "private" => MountFlags.Private,
                _ => MountFlags.Unbindable,
            }, word[0] == 'r')));

    [Fact]
    public void Flags_of_the_superblock_are_apart_and_fstabs_words_mean_nothing()
    {
        var options = MountOptions.Parse("defaults,sync,async,dirsync,lazytime,mand,nomand,acl,silent,loud,iversion,noiversion,auto,rnorelatime".Split(','));
        options.Superblock.Order().ShouldBe(["acl", "async", "dirsync", "lazytime", "nomand"]);
        options.Data.ShouldBeEmpty();
        (options.Set | options.Clear | options.RecursiveSet | options.RecursiveClear).ShouldBe(0UL);
    }

    private static ulong Bits(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries).Aggregate(0UL, (bits, name) => bits | name switch
    {
        "ro" => MountFlags.AttributeReadOnly,
        "nosuid" => MountFlags.AttributeNoSuid,
        "nodev" => MountFlags.AttributeNoDev,
        "noexec" => MountFlags.AttributeNoExec,
        "noatime" => MountFlags.AttributeNoAtime,
        "strictatime" => MountFlags.AttributeStrictAtime,
        "atime" => MountFlags.AttributeAtime,
        "nodiratime" => MountFlags.AttributeNoDirAtime,
        _ => MountFlags.AttributeNoSymFollow,
    });
}
