using System.Text;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Tests.Specs;

public sealed class RootViewTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sampan-view-").FullName;

    public RootViewTests()
    {
        Directory.CreateDirectory(_root + "/upper");
        Directory.CreateDirectory(_root + "/lower");
        File.WriteAllText(_root + "/secret", "host");
    }

    private RootView View => new([_root + "/upper", _root + "/lower"]);

    public void Dispose() => FileTree.Remove(_root);

    [Fact]
    public void UpperFilesHideLowerOnes()
    {
        Write("lower/etc/passwd", "low");
        Read("/etc/passwd").ShouldBe("low");
        Write("upper/etc/passwd", "up");
        Read("/etc/passwd").ShouldBe("up");
        Read("etc/./passwd").ShouldBe("up");
    }

    [Fact]
    public void WhiteoutsHideFilesAndDirectories()
    {
        Write("lower/etc/passwd", "low");
        Directory.CreateDirectory(_root + "/upper/etc");
        Whiteout("upper/etc", "passwd");
        Read("/etc/passwd").ShouldBeNull();
        FileTree.Remove(_root + "/upper/etc");
        Whiteout("upper", "etc");
        Read("/etc/passwd").ShouldBeNull();
    }

    [Fact]
    public void OpaqueDirectoriesHideWhatIsBelow()
    {
        Write("lower/etc/passwd", "low");
        Directory.CreateDirectory(_root + "/upper/etc");
        using (var upper = FileDescriptor.Open(_root + "/upper/etc", OpenFlags.ReadOnly))
        {
            upper.TrySetAttribute("trusted.overlay.opaque", "y"u8).ShouldBe(Errno.None);
        }

        Read("/etc/passwd").ShouldBeNull();
    }

    [Fact]
    public void AFileInADirectorysPlaceHidesIt()
    {
        Write("lower/etc/passwd", "low");
        Write("upper/etc", "not a directory");
        Read("/etc/passwd").ShouldBeNull();
    }

    [Fact]
    public void LinksAreFollowedAcrossLayers()
    {
        Write("lower/usr/lib/passwd", "low");
        Directory.CreateDirectory(_root + "/upper/etc");
        File.CreateSymbolicLink(_root + "/upper/etc/passwd", "../usr/lib/passwd");
        Read("/etc/passwd").ShouldBe("low");
        File.CreateSymbolicLink(_root + "/upper/conf", "/etc");
        Read("/conf/passwd").ShouldBe("low");
    }

    [Theory]
    [InlineData("../../../../../../../../../../secret")]
    [InlineData("../../secret")]
    [InlineData("/proc/self/environ")]
    public void LinksDoNotLeadOut(string target)
    {
        Directory.CreateDirectory(_root + "/upper/etc");
        File.CreateSymbolicLink(_root + "/upper/etc/passwd", target);
        Read("/etc/passwd").ShouldBeNull();
    }

    [Fact]
    public void LinksThatGoInCirclesAreAnError()
    {
        Directory.CreateDirectory(_root + "/upper/etc");
        File.CreateSymbolicLink(_root + "/upper/etc/passwd", "passwd");
        Should.Throw<SampanException>(() => Read("/etc/passwd")).Message.ShouldContain("too many symbolic links");
    }

    [Fact]
    public void OnlyRegularFilesOfSensibleSizeAreRead()
    {
        Directory.CreateDirectory(_root + "/upper/etc");
        using (var etc = FileDescriptor.Open(_root + "/upper/etc", OpenFlags.ReadOnly))
        {
            etc.TryMakeNode("passwd", FileType.Fifo, 0x1B6).ShouldBeTrue();
        }

        Should.Throw<SampanException>(() => Read("/etc/passwd")).Message.ShouldContain("not a regular file");
        Write("upper/etc/group", new string('x', 2000));
        Should.Throw<SampanException>(() => Read("/etc/group")).Message.ShouldContain("more than the 1000");
    }

    private string? Read(string path) => View.TryRead(path, 1000) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(_root, path))!);
        File.WriteAllText(Path.Join(_root, path), content);
    }

    private void Whiteout(string directory, string name)
    {
        using var parent = FileDescriptor.Open(Path.Join(_root, directory), OpenFlags.ReadOnly);
        parent.TryMakeNode(name, FileType.CharacterDevice, 0).ShouldBeTrue();
    }
}
