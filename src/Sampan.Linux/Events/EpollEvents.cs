namespace Sampan.Linux.Events;

/// <summary>Readiness of a descriptor (epoll_ctl(2)); the values are those of poll(2) too.</summary>
[Flags]
public enum EpollEvents : uint
{
    /// <summary>Nothing; errors and hang-ups are still reported.</summary>
    None = 0,

    /// <summary>EPOLLIN: there is something to read, or the end.</summary>
    Readable = 0x1,

    /// <summary>EPOLLOUT: a write would not block.</summary>
    Writable = 0x4,

    /// <summary>EPOLLERR: an error, or the reader of a pipe is gone.</summary>
    Error = 0x8,

    /// <summary>EPOLLHUP: the other side is gone.</summary>
    HangUp = 0x10,

    /// <summary>EPOLLRDHUP: the other side of a stream socket will write no more.</summary>
    PeerClosed = 0x2000,
}
