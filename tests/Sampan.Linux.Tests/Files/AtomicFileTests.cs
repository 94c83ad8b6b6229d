using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Linux.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Replaces_the_whole_file()
    {
        AtomicFile.Write(_directory["record"], "a longer first version"u8, durable: false);
        AtomicFile.Write(_directory["record"], "second"u8);

        File.ReadAllText(_directory["record"]).ShouldBe("second");
        FileTree.List(_directory.Path).Count.ShouldBe(1);
        FileDescriptor.TryStatus(_directory["record"])!.Value.Permissions.ShouldBe(0x180);
    }

    [Fact]
    public void Takes_over_what_a_killed_writer_left()
    {
        File.WriteAllText(_directory[".record.tmp"], "half a rec");

        AtomicFile.Write(_directory["record"], "whole"u8, 0x1a4);

        File.ReadAllText(_directory["record"]).ShouldBe("whole");
        FileDescriptor.TryStatus(_directory["record"])!.Value.Permissions.ShouldBe(0x1a4);
        File.Exists(_directory[".record.tmp"]).ShouldBeFalse();
    }

    [Fact]
    public void Does_not_write_through_a_link_at_the_temporary_name()
    {
        File.WriteAllText(_directory["canary"], "alive");
        File.CreateSymbolicLink(_directory[".record.tmp"], _directory["canary"]);

        Should.Throw<LinuxException>(() => AtomicFile.Write(_directory["record"], "x"u8)).Errno.ShouldBe(Errno.ELOOP);

        File.ReadAllText(_directory["canary"]).ShouldBe("alive");
    }

    [Fact]
    public void Writers_at_once_leave_one_whole_version()
    {
        var threads = Enumerable.Range(0, 4).Select(writer => new Thread(() =>
        {
            for (var round = 0; round < 50; round++)
            {
                AtomicFile.Write(_directory["record"], Encoding.ASCII.GetBytes(new string((char)('a' + writer), 5000)), durable: false);
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        var text = File.ReadAllText(_directory["record"]);
        text.Length.ShouldBe(5000);
        text.Distinct().Count().ShouldBe(1);
    }
}
