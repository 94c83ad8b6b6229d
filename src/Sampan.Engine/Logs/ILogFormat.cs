namespace Sampan.Engine.Logs;

/// <summary>How records lie in a file of a log, and the record that was read last.</summary>
internal interface ILogFormat
{
    public LogStream Stream { get; }

    /// <summary>The bytes with their newline; a piece of a longer line has none.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>RFC 3339 in UTC.</summary>
    public ReadOnlySpan<byte> Time { get; }

    public DateTimeOffset Moment { get; }

    /// <summary>What --details prints: name=value, escaped, with commas between.</summary>
    public string Details { get; }

    /// <summary>Bytes of the record at the beginning.</summary>
    /// <param name="bytes">What has been read and not taken.</param>
    /// <param name="searched">How many of them the last call had.</param>
    /// <returns>0 when it is not whole yet; -1 when nothing that follows can be read.</returns>
    public int RecordLength(ReadOnlySpan<byte> bytes, int searched);

    /// <summary>Reads a record.</summary>
    /// <returns>False for one that is none: what a full disk or a crash left.</returns>
    public bool TryParse(ReadOnlySpan<byte> record);

    /// <summary>Where the last whole record of a plain file ends: behind it one may be being written.</summary>
    public long EndOfRecords(LogFile file);

    /// <summary>Goes back over records of a plain file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="end">Where a record ends.</param>
    /// <param name="wanted">How many records.</param>
    /// <param name="found">How many there were; not more than wanted.</param>
    /// <returns>Where the first of them begins.</returns>
    public long Before(LogFile file, long end, long wanted, out long found);
}
