namespace Sampan.Engine.Logs;

/// <summary>Where reading a log begins.</summary>
/// <param name="File">Index of a file.</param>
/// <param name="Offset">Bytes of it before the first record.</param>
/// <param name="Skip">Records after that offset that are passed over: a packed file is read from its beginning.</param>
internal readonly record struct LogPosition(int File, long Offset, long Skip = 0);
