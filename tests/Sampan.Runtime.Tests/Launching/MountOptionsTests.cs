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
        options.Propagation.ShouldBe(MountFlags.Slave);
        options.PropagationRecursive.ShouldBeTrue();
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
}
