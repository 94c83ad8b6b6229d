using Sampan.Linux.Mounts;

namespace Sampan.Linux.Tests.Mounts;

public sealed class MountEntryTests
{
    [Fact]
    public void Every_field_of_a_line_is_read()
    {
        var entry = MountEntry.Parse("36 35 98:0 /mnt1 /mnt2 rw,noatime shared:3 master:1 - ext3 /dev/root rw,errors=continue\n").ShouldHaveSingleItem();
        entry.ShouldBe(new MountEntry
        {
            Id = 36,
            ParentId = 35,
            Device = "98:0",
            Root = "/mnt1",
            Path = "/mnt2",
            Options = "rw,noatime",
            Propagation = "shared:3 master:1",
            FileSystem = "ext3",
            Source = "/dev/root",
            SuperOptions = "rw,errors=continue",
        });
    }

    [Fact]
    public void Escaped_bytes_are_read_and_broken_lines_left_out()
    {
        var entries = MountEntry.Parse("1 0 0:1 / /a\\040b\\134c\\011 rw - tmpfs a\\012b rw\nrubbish\n2 x 0:1 / /z rw - t s r\n3 1 0:1 / /short rw -\n");
        entries.ShouldHaveSingleItem().Path.ShouldBe("/a b\\c\t");
        entries[0].Source.ShouldBe("a\nb");
        entries[0].Propagation.ShouldBeEmpty();
    }

    [Fact]
    public void This_process_has_a_root()
    {
        MountEntry.Parse(File.ReadAllText("/proc/self/mountinfo")).ShouldContain(entry => entry.Path == "/");
    }
}
