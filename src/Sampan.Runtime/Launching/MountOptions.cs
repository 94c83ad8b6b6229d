using System.Runtime.InteropServices;

namespace Sampan.Runtime.Launching;

/// <summary>Mount options of a specification (config.md, "Linux mount options") sorted into what the kernel's mount calls take. Of options
/// that contradict each other the last one counts.</summary>
internal sealed class MountOptions
{
    private readonly List<string> _data = [];
    private readonly List<(ulong Type, bool Recursive)> _propagations = [];
    private readonly Dictionary<string, string> _superblock = new(StringComparer.Ordinal);
    private Attributes _own;
    private Attributes _tree;

    /// <summary>MOUNT_ATTR_ bits to set (mount_setattr(2)).</summary>
    public ulong Set => _own.Set;

    /// <summary>MOUNT_ATTR_ bits to clear.</summary>
    public ulong Clear => _own.Clear;

    /// <summary>The same for the whole tree (rro, rnosuid …).</summary>
    public ulong RecursiveSet => _tree.Set;

    /// <summary>The same for the whole tree.</summary>
    public ulong RecursiveClear => _tree.Clear;

    /// <summary>MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE in the order they are asked for: a slave may be made shared too.</summary>
    public IReadOnlyList<(ulong Type, bool Recursive)> Propagations => _propagations;

    /// <summary>A bind mount.</summary>
    public bool Bind { get; private set; }

    /// <summary>A bind mount with all below it.</summary>
    public bool BindRecursive { get; private set; }

    /// <summary>What is mounted at the destination already is changed.</summary>
    public bool Remount { get; private set; }

    /// <summary>Ids are mapped (mount_setattr(2), MOUNT_ATTR_IDMAP).</summary>
    public bool IdMapped { get; private set; }

    /// <summary>Ids are mapped on all mounts of the tree.</summary>
    public bool IdMappedRecursive { get; private set; }

    /// <summary>A tmpfs begins with a copy of what it covers.</summary>
    public bool CopyUp { get; private set; }

    /// <summary>Options of the file system itself, key or key=value.</summary>
    public IReadOnlyList<string> Data => _data;

    /// <summary>Flags of the superblock in the words of fsconfig(2): sync, async, dirsync, lazytime, nolazytime, mand, nomand,
    /// and acl, noacl where a file system knows them. A bind mount
    /// shares its superblock with others and leaves it alone (mount(2), MS_BIND).</summary>
    public IReadOnlyCollection<string> Superblock => _superblock.Values;

    public static MountOptions Parse(IReadOnlyList<string>? options)
    {
        var result = new MountOptions();
        for (var index = 0; index < (options?.Count ?? 0); index++)
        {
            result.Add(options![index]);
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
            case "remount":
                Remount = true;
                return;
            case "idmap":
                IdMapped = true;
                IdMappedRecursive = false;
                return;
            case "ridmap":
                IdMapped = IdMappedRecursive = true;
                return;
            case "tmpcopyup":
                CopyUp = true;
                return;
            case "sync" or "async":
                _superblock["sync"] = option;
                return;
            case "lazytime" or "nolazytime":
                _superblock["lazytime"] = option;
                return;
            case "mand" or "nomand":
                _superblock["mand"] = option;
                return;
            case "acl" or "noacl":
                _superblock["acl"] = option;
                return;
            case "dirsync":
                _superblock["dirsync"] = option;
                return;

            // For mount(8) and fstab(5), or without a counterpart in today's mount calls: messages of a mount come back through the file
            // system context instead of the log (silent, loud), and every file system that counts versions does so always (iversion).
            case "defaults" or "auto" or "noauto" or "nouser" or "norelatime" or "silent" or "loud" or "iversion" or "noiversion":
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
            _own.Add(set, clear);
        }
        else if (option == "rnorelatime")
        {
            // The default of the kernel, as norelatime.
        }
        else if (option.Length > 1 && option[0] == 'r' && Attribute(option[1..]) is var (treeSet, treeClear) && (treeSet | treeClear) != 0)
        {
            _tree.Add(treeSet, treeClear);
        }
        else
        {
            _data.Add(option);
        }
    }

    // Private and unbindable forget all that was asked for before; a slave can be shared as well (mount_namespaces(7)).
    private void Propagate(ulong propagation, string option)
    {
        var recursive = option[0] == 'r';
        if (propagation != MountFlags.Shared && (recursive || _propagations.TrueForAll(earlier => !earlier.Recursive)))
        {
            _propagations.Clear();
        }

        _propagations.Add((propagation, recursive));
    }

    private static (ulong Set, ulong Clear) Attribute(string option) => option switch
    {
        "ro" => (MountFlags.AttributeReadOnly, 0),
        "rw" => (0, MountFlags.AttributeReadOnly),
        "nosuid" => (MountFlags.AttributeNoSuid, 0),
        "suid" => (0, MountFlags.AttributeNoSuid),
        "nodev" => (MountFlags.AttributeNoDev, 0),
        "dev" => (0, MountFlags.AttributeNoDev),
        "noexec" => (MountFlags.AttributeNoExec, 0),
        "exec" => (0, MountFlags.AttributeNoExec),

        // How access times are kept is one field of three bits, which is always cleared as a whole (mount_setattr(2)); 0 is relatime.
        "noatime" => (MountFlags.AttributeNoAtime, MountFlags.AttributeAtime),
        "strictatime" => (MountFlags.AttributeStrictAtime, MountFlags.AttributeAtime),
        "relatime" or "atime" or "nostrictatime" => (0, MountFlags.AttributeAtime),
        "nodiratime" => (MountFlags.AttributeNoDirAtime, 0),
        "diratime" => (0, MountFlags.AttributeNoDirAtime),
        "nosymfollow" => (MountFlags.AttributeNoSymFollow, 0),
        "symfollow" => (0, MountFlags.AttributeNoSymFollow),
        _ => (0, 0),
    };

    /// <summary>attr_set and attr_clr as options arrive.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Attributes
    {
        public ulong Set;
        public ulong Clear;

        public void Add(ulong set, ulong clear)
        {
            Set = (Set & ~clear) | set;
            Clear = (Clear & ~(set & ~MountFlags.AttributeAtime)) | clear;
        }
    }
}
