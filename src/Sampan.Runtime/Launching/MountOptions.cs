using Sampan.Linux;

namespace Sampan.Runtime.Launching;

/// <summary>Mount options of a specification (config.md, "Linux mount options") sorted into what the kernel's mount calls take.</summary>
internal sealed class MountOptions
{
    private readonly List<string> _data = [];

    /// <summary>MOUNT_ATTR_ bits to set (mount_setattr(2)).</summary>
    public ulong Set { get; private set; }

    /// <summary>MOUNT_ATTR_ bits to clear.</summary>
    public ulong Clear { get; private set; }

    /// <summary>The same for the whole tree (rro, rnosuid …).</summary>
    public ulong RecursiveSet { get; private set; }

    /// <summary>The same for the whole tree.</summary>
    public ulong RecursiveClear { get; private set; }

    /// <summary>MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE; 0 leaves it.</summary>
    public ulong Propagation { get; private set; }

    /// <summary>The propagation is for the whole tree.</summary>
    public bool PropagationRecursive { get; private set; }

    /// <summary>A bind mount.</summary>
    public bool Bind { get; private set; }

    /// <summary>A bind mount with all below it.</summary>
    public bool BindRecursive { get; private set; }

    /// <summary>Options of the file system itself, key or key=value.</summary>
    public IReadOnlyList<string> Data => _data;

    public static MountOptions Parse(IReadOnlyList<string>? options)
    {
        var result = new MountOptions();
        foreach (var option in options ?? [])
        {
            result.Add(option);
        }

        return result;
    }

    private void Add(string option)
    {
        switch (option)
        {
            case "bind":
                Bind = true;
                return;
            case "rbind":
                Bind = BindRecursive = true;
                return;
            case "defaults" or "async" or "rw" or "auto" or "noauto" or "nouser" or "norelatime":
                return;
            case "private" or "rprivate":
                Propagate(MountFlags.Private, option);
                return;
            case "slave" or "rslave":
                Propagate(MountFlags.Slave, option);
                return;
            case "shared" or "rshared":
                Propagate(MountFlags.Shared, option);
                return;
            case "unbindable" or "runbindable":
                Propagate(MountFlags.Unbindable, option);
                return;
        }

        if (Attribute(option) is var (set, clear) && (set | clear) != 0)
        {
            Set = (Set & ~clear) | set;
            Clear = (Clear & ~set) | clear;
        }
        else if (option.Length > 1 && option[0] == 'r' && Attribute(option[1..]) is var (recursiveSet, recursiveClear) && (recursiveSet | recursiveClear) != 0)
        {
            RecursiveSet = (RecursiveSet & ~recursiveClear) | recursiveSet;
            RecursiveClear = (RecursiveClear & ~recursiveSet) | recursiveClear;
        }
        else if (option is "idmap" or "ridmap" or "tmpcopyup")
        {
            throw SampanException.InvalidArgument($"mount option {option} is not supported yet");
        }
        else
        {
            _data.Add(option);
        }
    }

    private void Propagate(ulong propagation, string option)
    {
        Propagation = propagation;
        PropagationRecursive = option[0] == 'r';
    }

    private static (ulong Set, ulong Clear) Attribute(string option) => option switch
    {
        "ro" => (MountFlags.AttributeReadOnly, 0),
        "nosuid" => (MountFlags.AttributeNoSuid, 0),
        "suid" => (0, MountFlags.AttributeNoSuid),
        "nodev" => (MountFlags.AttributeNoDev, 0),
        "dev" => (0, MountFlags.AttributeNoDev),
        "noexec" => (MountFlags.AttributeNoExec, 0),
        "exec" => (0, MountFlags.AttributeNoExec),
        "noatime" => (MountFlags.AttributeNoAtime, 0x60),
        "relatime" => (0, 0x70),
        "strictatime" => (MountFlags.AttributeStrictAtime, 0x50),
        "atime" => (0, MountFlags.AttributeNoAtime),
        "nodiratime" => (MountFlags.AttributeNoDirAtime, 0),
        "diratime" => (0, MountFlags.AttributeNoDirAtime),
        "nosymfollow" => (MountFlags.AttributeNoSymFollow, 0),
        "symfollow" => (0, MountFlags.AttributeNoSymFollow),
        _ => (0, 0),
    };
}
