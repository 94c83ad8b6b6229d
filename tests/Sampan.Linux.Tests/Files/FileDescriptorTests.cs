using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Tests.Files;

public sealed class FileDescriptorTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly FileDescriptor _directory;

    public FileDescriptorTests() => _directory = FileDescriptor.Open(_temporary.Path, OpenFlags.ReadOnly | OpenFlags.Directory);

    public void Dispose()
    {
        _directory.Dispose();
        _temporary.Dispose();
    }

    [Theory]
    [InlineData(FileType.CharacterDevice, 0, 0)]
    [InlineData(FileType.CharacterDevice, 5, 1)]
    [InlineData(FileType.BlockDevice, 4095, 1048575)]
    [InlineData(FileType.BlockDevice, 259, 70000)]
    public void Device_numbers_survive(FileType type, uint major, uint minor)
    {
        _directory.TryMakeNode("node", type, 0x180, major, minor).ShouldBeTrue();

        var status = _directory.StatusAt("node");

        (status.Type, status.DeviceMajor, status.DeviceMinor).ShouldBe((type, major, minor));
        status.IsWhiteout.ShouldBe(major == 0);
    }

    [Fact]
    public void Taken_names_are_told_apart_from_failures()
    {
        _directory.TryMakeDirectory("x").ShouldBeTrue();
        _directory.TryMakeDirectory("x").ShouldBeFalse();
        _directory.TryMakeNode("x", FileType.Fifo, 0x180).ShouldBeFalse();
        _directory.TryMakeSymbolicLink("x", "y").ShouldBeFalse();
        _directory.TryMakeSymbolicLink("link", "y").ShouldBeTrue();
        _directory.TryMakeHardLink("x", _directory, "link").ShouldBeFalse();
        _directory.TryRename("link", _directory, "x").ShouldBeFalse();
        _directory.ReadLink("link").ToString().ShouldBe("y");
        Should.Throw<LinuxException>(() => _directory.TryMakeDirectory("no/parent")).Errno.ShouldBe(Errno.ENOENT);
    }

    [Fact]
    public void Attributes_may_be_binary_and_large()
    {
        var value = new byte[3000];
        Random.Shared.NextBytes(value);
        File.WriteAllText(_temporary["file"], "");
        using (var file = _directory.OpenAt("file", OpenFlags.ReadOnly))
        {
            file.TrySetAttribute("user.large", value).ShouldBe(Errno.None);
        }

        _directory.TrySetAttributeAt("file", "trusted.small", [0, 255]).ShouldBe(Errno.None);

        _directory.TryGetAttributeAt("file", "user.large").ShouldBe(value);
        _directory.TryGetAttributeAt("file", "user.none").ShouldBeNull();
        _directory.AttributesAt("file").Select(pair => pair.Key.ToString()).Order(StringComparer.Ordinal).ShouldBe(["trusted.small", "user.large"]);
    }

    [Fact]
    public void Attributes_of_a_link_are_its_own()
    {
        File.WriteAllText(_temporary["file"], "");
        _directory.TryMakeSymbolicLink("link", "file");

        _directory.TrySetAttributeAt("link", "trusted.mine", "1"u8).ShouldBe(Errno.None);

        _directory.TryGetAttributeAt("file", "trusted.mine").ShouldBeNull();
        _directory.TryGetAttributeAt("link", "trusted.mine").ShouldBe("1"u8.ToArray());
    }

    [Fact]
    public void Times_have_nanoseconds_and_may_lie_before_1970()
    {
        File.WriteAllText(_temporary["file"], "");
        var modified = new TimeSpec(-5, 123456789);

        _directory.SetTimesAt("file", new(1, 2), modified);

        _directory.StatusAt("file").Modified.ShouldBe(modified);
    }

    [Fact]
    public void A_name_with_NUL_is_refused() =>
        Should.Throw<SampanException>(() => _directory.TryMakeDirectory("a\0b")).Kind.ShouldBe(ErrorKind.InvalidArgument);
}
