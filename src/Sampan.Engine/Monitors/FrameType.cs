namespace Sampan.Engine.Monitors;

/// <summary>
/// First byte of a frame's header between a command and a monitor. 0 to 2 are docker's multiplexed stream (Engine API, "Attach to a
/// container"); the rest extends it. The header goes on with three zero bytes and the payload's length, big-endian.
/// </summary>
public enum FrameType : byte
{
    /// <summary>To the monitor: bytes for the process's standard input.</summary>
    Stdin = 0,

    /// <summary>To the client: standard output.</summary>
    Stdout = 1,

    /// <summary>To the client: standard error.</summary>
    Stderr = 2,

    /// <summary>To the client: <see cref="MonitorError"/> as JSON; the request failed.</summary>
    Error = 3,

    /// <summary>To the monitor: rows and columns, two big-endian u16.</summary>
    Resize = 4,

    /// <summary>To the monitor: the client's input is at its end.</summary>
    EndOfInput = 5,

    /// <summary>To the client: the process runs; its pid, big-endian u32.</summary>
    Started = 7,

    /// <summary>To the client: the process ended and that is recorded; its exit code, big-endian i32. The last frame.</summary>
    Exited = 8,

    /// <summary>To the client: the request is done; empty.</summary>
    Done = 9,

    /// <summary>To the client: the trace of a start as text.</summary>
    Trace = 10,

    /// <summary>To the monitor: <see cref="MonitorRequest"/> as JSON; the first frame of a connection.</summary>
    Request = 16,
}
