namespace Sampan.Linux.Events;

/// <summary>What inotify(7) tells of.</summary>
[Flags]
public enum InotifyEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>IN_MODIFY: a file was written or truncated.</summary>
    Modified = 0x2,

    /// <summary>IN_ATTRIB: metadata changed, the link count too.</summary>
    Attributes = 0x4,

    /// <summary>IN_CLOSE_WRITE: the last descriptor of an open file that could be written has gone, and with it its locks.</summary>
    ClosedAfterWriting = 0x8,

    /// <summary>IN_MOVED_FROM: an entry left the directory.</summary>
    MovedFrom = 0x40,

    /// <summary>IN_MOVED_TO: an entry came into the directory.</summary>
    MovedTo = 0x80,

    /// <summary>IN_CREATE: an entry was made in the directory.</summary>
    Created = 0x100,

    /// <summary>IN_DELETE: an entry of the directory was removed.</summary>
    Deleted = 0x200,

    /// <summary>IN_DELETE_SELF: the watched object itself was removed.</summary>
    DeletedSelf = 0x400,

    /// <summary>IN_MOVE_SELF: the watched object itself was moved.</summary>
    MovedSelf = 0x800,

    /// <summary>IN_Q_OVERFLOW: notices were lost.</summary>
    Overflow = 0x4000,
}
