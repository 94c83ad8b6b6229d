using Sampan.Engine.Containers;
using Sampan.Engine.Tests.Monitors;
using Sampan.Engine.Volumes;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Tests.Volumes;

public sealed class VolumeTests : IDisposable
{
    private readonly ShellEngine _shells = new();

    private VolumeStore Volumes => _shells.Engine.Volumes;

    [Fact]
    public void Is_made_once_listed_and_removed()
    {
        var volume = Volumes.Create(new VolumeCreateRequest { Name = "data", Labels = new Dictionary<string, string> { ["a"] = "b" } });
        File.WriteAllText(volume.Mountpoint + "/kept", "x");
        Volumes.Create(new VolumeCreateRequest { Name = "data" }).Record.Labels!["a"].ShouldBe("b");
        Volumes.Create(new VolumeCreateRequest { Name = "alpha" });
        Volumes.List().Select(each => each.Name).ShouldBe(["alpha", "data"]);
        Volumes.Find("data").Mountpoint.ShouldBe(_shells.Paths.Volumes + "/data/_data");
        Volumes.Remove("data");
        Directory.Exists(_shells.Paths.Volumes + "/data").ShouldBeFalse();
        Should.Throw<SampanException>(() => Volumes.Remove("data")).Message.ShouldBe("get data: no such volume");
        Should.NotThrow(() => Volumes.Remove("data", force: true));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    public void A_bad_name_is_refused(string name)
    {
        Should.Throw<SampanException>(() => Volumes.Create(new VolumeCreateRequest { Name = name })).Message.ShouldContain("includes invalid characters");
        Volumes.TryFind(name).ShouldBeNull();
    }

    [Fact]
    public void A_volume_in_use_is_not_removed()
    {
        var container = _shells.Create("true", host: new HostConfig { Binds = ["used:/data"] });
        Should.Throw<SampanException>(() => Volumes.Remove("used")).Message.ShouldBe($"remove used: volume is in use - [{container.Id}]");
        _shells.Engine.Remove(container, new RemoveOptions { Volumes = true });
        Should.NotThrow(() => Volumes.Remove("used"));
    }

    [Fact]
    public void Mounts_are_resolved_and_sorted_by_depth()
    {
        var source = _shells.Base + "/made/for/it";
        var container = _shells.Create("true", host: new HostConfig { Binds = ["named:/b/c/d:ro", source + ":/b"] });
        container.Mounts.Select(mount => mount.Destination).ShouldBe(["/b", "/b/c/d"]);
        (container.Mounts[0].Type, container.Mounts[0].Source, container.Mounts[0].Propagation).ShouldBe(("bind", source, "rprivate"));
        (container.Mounts[1].Type, container.Mounts[1].Name, container.Mounts[1].RW).ShouldBe(("volume", "named", false));
        Directory.Exists(source).ShouldBeTrue();
        Should.Throw<SampanException>(() => _shells.Create("true", host: new HostConfig { Binds = ["a1:/x", "a2:/x/"] })).Message.ShouldBe("Duplicate mount point: /x");
    }

    [Fact]
    public void Anonymous_volumes_go_with_their_container_when_asked_to()
    {
        var config = (ContainerConfig c) => c with { Volumes = new Dictionary<string, EmptyObject> { ["/data"] = new() } };
        var kept = _shells.Create("true", config);
        var gone = _shells.Create("true", config);
        var removed = _shells.Create("true", config, new HostConfig { AutoRemove = true }, run: true);
        Volumes.List().Count.ShouldBe(3);
        Volumes.List().ShouldAllBe(volume => volume.IsAnonymous && volume.Name.Length == 64);
        _shells.Engine.Remove(kept, new RemoveOptions());
        _shells.Engine.Remove(gone, new RemoveOptions { Volumes = true });
        using (var connection = _shells.Engine.Start(removed, new StartOptions()))
        {
            connection.WaitForExit();
        }

        Volumes.List().Select(volume => volume.Name).ShouldBe([kept.Mounts[0].Name!]);
    }

    [Fact]
    public void An_empty_volume_gets_the_images_files()
    {
        var lower = Layer("lower", "data/old", "data/both", "data/sub/deep", "data/hidden/x", "elsewhere/f");
        var upper = Layer("upper", "data/both", "data/hidden/y");
        File.WriteAllText(upper + "/data/both", "upper");
        using (var old = FileDescriptor.Open(lower + "/data/old", OpenFlags.ReadOnly))
        {
            old.SetPermissions(0x9C0);
        }

        using (var data = FileDescriptor.Open(upper + "/data", OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            data.SetOwner(12, 34);
            data.SetPermissions(0x1C8);
            data.TryMakeNode("gone", FileType.CharacterDevice, 0).ShouldBeTrue();
            data.TryMakeSymbolicLink("link", "/etc/passwd").ShouldBeTrue();
            data.TrySetAttributeAt("hidden", "trusted.overlay.opaque", "y"u8).ShouldBe(Errno.None);
            data.TrySetAttributeAt("both", "user.note", "kept"u8);
        }

        File.CreateSymbolicLink(lower + "/alias", "elsewhere/../data");
        File.WriteAllText(lower + "/data/gone", "x");

        foreach (var path in new[] { "/data", "/alias" })
        {
            var volume = Volumes.Create(new VolumeCreateRequest());
            VolumeFill.Fill(new MountPoint { Source = volume.Mountpoint, Destination = path }, [lower, upper]);
            Directory.GetFileSystemEntries(volume.Mountpoint).Select(Path.GetFileName).Order().ShouldBe(["both", "hidden", "link", "old", "sub"]);
            File.ReadAllText(volume.Mountpoint + "/both").ShouldBe("upper");
            File.Exists(volume.Mountpoint + "/sub/deep").ShouldBeTrue();
            Directory.GetFileSystemEntries(volume.Mountpoint + "/hidden").Select(Path.GetFileName).ShouldBe(["y"]);
            new FileInfo(volume.Mountpoint + "/link").LinkTarget.ShouldBe("/etc/passwd");
            var root = FileDescriptor.TryStatus(volume.Mountpoint)!.Value;
            (root.UserId, root.GroupId, root.Permissions).ShouldBe((12u, 34u, 0x1C8));
            FileDescriptor.TryStatus(volume.Mountpoint + "/old")!.Value.Permissions.ShouldBe(0x9C0);
            File.WriteAllText(volume.Mountpoint + "/both", "mine");
            VolumeFill.Fill(new MountPoint { Source = volume.Mountpoint, Destination = path }, [lower]);
            File.ReadAllText(volume.Mountpoint + "/both").ShouldBe("mine");
        }

        var untouched = Volumes.Create(new VolumeCreateRequest());
        VolumeFill.Fill(new MountPoint { Source = untouched.Mountpoint, Destination = "/data/both" }, [lower, upper]);
        VolumeFill.Fill(new MountPoint { Source = untouched.Mountpoint, Destination = "/none/at/all" }, [lower, upper]);
        Directory.GetFileSystemEntries(untouched.Mountpoint).ShouldBeEmpty();
    }

    public void Dispose() => _shells.Dispose();

    private string Layer(string name, params string[] files)
    {
        var root = _shells.Base + "/layers/" + name;
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root + "/" + file)!);
            File.WriteAllText(root + "/" + file, name);
        }

        return root;
    }
}
