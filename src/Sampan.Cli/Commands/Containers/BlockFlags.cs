using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that limit block I/O by device.</summary>
internal sealed class BlockFlags
{
    private readonly ListFlag _weights;
    private readonly ListFlag _readBytes;
    private readonly ListFlag _readOperations;
    private readonly ListFlag _writeBytes;
    private readonly ListFlag _writeOperations;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public BlockFlags(FlagSet flags)
    {
        _weights = flags.List("blkio-weight-device", '\0', "Block IO weight (relative device weight) (default [])", check: static text => Check(text, BlockDeviceArgument.ParseWeight));
        _readBytes = flags.List("device-read-bps", '\0', "Limit read rate (bytes per second) from a device (default [])", check: static text => Check(text, BlockDeviceArgument.ParseBytes));
        _readOperations = flags.List("device-read-iops", '\0', "Limit read rate (IO per second) from a device (default [])", check: static text => Check(text, BlockDeviceArgument.ParseOperations));
        _writeBytes = flags.List("device-write-bps", '\0', "Limit write rate (bytes per second) to a device (default [])", check: static text => Check(text, BlockDeviceArgument.ParseBytes));
        _writeOperations = flags.List("device-write-iops", '\0', "Limit write rate (IO per second) to a device (default [])", check: static text => Check(text, BlockDeviceArgument.ParseOperations));
    }

    /// <summary>Adds the limits.</summary>
    /// <param name="host">What the host gives so far.</param>
    /// <returns>The same with limits.</returns>
    public HostConfig Apply(HostConfig host) => host with
    {
        BlkioWeightDevice = Parse(_weights, BlockDeviceArgument.ParseWeight),
        BlkioDeviceReadBps = Parse(_readBytes, BlockDeviceArgument.ParseBytes),
        BlkioDeviceReadIOps = Parse(_readOperations, BlockDeviceArgument.ParseOperations),
        BlkioDeviceWriteBps = Parse(_writeBytes, BlockDeviceArgument.ParseBytes),
        BlkioDeviceWriteIOps = Parse(_writeOperations, BlockDeviceArgument.ParseOperations),
    };

    private static string Check<T>(string text, Func<string, T> parse)
    {
        _ = parse(text);
        return text;
    }

    private static List<T>? Parse<T>(ListFlag flag, Func<string, T> parse)
    {
        if (!flag.Changed)
        {
            return null;
        }

        var values = new List<T>(flag.Values.Count);
        foreach (var text in flag.Values)
        {
            values.Add(parse(text));
        }

        return values;
    }
}
