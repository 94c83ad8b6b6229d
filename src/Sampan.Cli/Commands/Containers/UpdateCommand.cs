using Sampan.Cli.Values;
using Sampan.Engine.Networks;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan update.</summary>
internal sealed class UpdateCommand : Command
{
    private readonly ValueFlag<long> _cpuRealtimePeriod;
    private readonly ValueFlag<long> _cpuRealtimeRuntime;
    private readonly LimitFlags _limits;
    private readonly ValueFlag<string> _restart;
    private readonly UpdateFileFlags _files;
    private readonly UpdatePortFlags _ports;

    /// <summary>Declares the flags.</summary>
    public UpdateCommand()
    {
        _cpuRealtimePeriod = Flags.Number("cpu-rt-period", '\0', "Limit the CPU real-time period in microseconds");
        _cpuRealtimeRuntime = Flags.Number("cpu-rt-runtime", '\0', "Limit the CPU real-time runtime in microseconds");
        _limits = new(Flags, "-1");
        _restart = Flags.Text("restart", '\0', "Restart policy to apply when a container exits");
        _files = new UpdateFileFlags(Flags);
        _ports = new UpdatePortFlags(Flags);
        Flags.Unsupported("kernel-memory");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (!Flags.All.Any(flag => flag.Changed))
        {
            throw SampanException.InvalidArgument("you must provide one or more flags when using this command");
        }

        var change = _ports.Apply(_files.Apply(_limits.ToRequest() with
        {
            CpuRealtimePeriod = _cpuRealtimePeriod.Value,
            CpuRealtimeRuntime = _cpuRealtimeRuntime.Value,
            RestartPolicy = _restart.Changed ? RestartArgument.Parse(_restart.Value) : null,
        }));
        foreach (var warning in PortWarnings.Of(change.PublishAdd?.Keys ?? []))
        {
            session.Warn(warning);
        }

        return session.ForEach(arguments, name =>
        {
            session.Engine.Update(session.Engine.Containers.Find(name), change);
            session.Out.WriteLine(name);
        });
    }
}
