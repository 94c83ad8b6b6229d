using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that say how to find out whether a container works.</summary>
internal sealed class HealthFlags
{
    private const string Between = "Time between running the check (ms|s|m|h)";
    private readonly ValueFlag<string> _command;
    private readonly ValueFlag<TimeSpan> _interval;
    private readonly ValueFlag<string> _onFailure;
    private readonly ValueFlag<long> _retries;
    private readonly ValueFlag<TimeSpan> _startInterval;
    private readonly ValueFlag<TimeSpan> _startPeriod;
    private readonly ValueFlag<TimeSpan> _timeout;
    private readonly Switch _none;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public HealthFlags(FlagSet flags)
    {
        _command = flags.Text("health-cmd", '\0', "Command to run to check health");
        _interval = Time(flags, "health-interval", Between);
        _onFailure = flags.Text("health-on-failure", '\0', "What to do with a container that became unhealthy (none|kill|restart|stop)");
        _retries = flags.Number("health-retries", '\0', "Consecutive failures needed to report unhealthy");
        _startInterval = Time(flags, "health-start-interval", "Time between running the check during the start period (ms|s|m|h)");
        _startPeriod = Time(flags, "health-start-period", "Start period for the container to initialize before starting health-retries countdown (ms|s|m|h)");
        _timeout = Time(flags, "health-timeout", "Maximum time to allow one check to run (ms|s|m|h)");
        _none = flags.Switch("no-healthcheck", '\0', "Disable any container-specified HEALTHCHECK");
    }

    /// <summary>What --health-on-failure says; null is nothing.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: another word.</exception>
    public string? OnFailure => _onFailure.Value switch
    {
        "" or "none" => null,
        "kill" or "restart" or "stop" => _onFailure.Value,
        var other => throw SampanException.InvalidArgument($"invalid on-failure action '{other}' for health check: use none, kill, restart or stop"),
    };

    /// <summary>The check the flags make; null where none was given.</summary>
    /// <returns>The check; what is left open is the image's.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: flags that contradict each other, or negative values.</exception>
    public HealthCheck? ToCheck()
    {
        var given = _command.Value.Length > 0 || _retries.Value != 0
            || _interval.Value != default || _startInterval.Value != default || _startPeriod.Value != default || _timeout.Value != default;
        if (_none.Value)
        {
            return given ? throw SampanException.InvalidArgument("--no-healthcheck conflicts with --health-* options") : new() { Test = ["NONE"] };
        }

        if (!given)
        {
            return null;
        }

        foreach (var time in (ReadOnlySpan<ValueFlag<TimeSpan>>)[_interval, _timeout, _startPeriod, _startInterval])
        {
            Require(time.Value >= TimeSpan.Zero, $"--{time.Name} cannot be negative");
        }

        Require(_retries.Value >= 0, "--health-retries cannot be negative");
        return new()
        {
            Test = _command.Value.Length > 0 ? ["CMD-SHELL", _command.Value] : null,
            Interval = Nanoseconds(_interval, "Interval"),
            Timeout = Nanoseconds(_timeout, "Timeout"),
            StartPeriod = Nanoseconds(_startPeriod, "StartPeriod"),
            StartInterval = Nanoseconds(_startInterval, "StartInterval"),
            Retries = (int)Math.Min(_retries.Value, int.MaxValue),
        };
    }

    private static ValueFlag<TimeSpan> Time(FlagSet flags, string name, string help) =>
        flags.Add(new ValueFlag<TimeSpan>(name, '\0', string.Create(CultureInfo.InvariantCulture, $"{help} (default 0s)"), "duration", Duration.Parse, default));

    private static long Nanoseconds(ValueFlag<TimeSpan> time, string what)
    {
        Require(time.Value == default || time.Value >= TimeSpan.FromMilliseconds(1), $"{what} in Healthcheck cannot be less than 1ms");
        return time.Value.Ticks * 100;
    }

    private static void Require(bool valid, string complaint)
    {
        if (!valid)
        {
            throw SampanException.InvalidArgument(complaint);
        }
    }
}
