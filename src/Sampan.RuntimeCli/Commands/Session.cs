using Sampan.Linux.Files;
using Sampan.Runtime.Containers;
using Sampan.RuntimeCli.Logging;

namespace Sampan.RuntimeCli.Commands;

/// <summary>What a command works with.</summary>
/// <param name="Options">The flags before it.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Session(GlobalOptions Options, TextOutput Out, TextOutput Error)
{
    /// <summary>Writes a warning where errors go.</summary>
    /// <param name="message">One line.</param>
    public void Warn(string message) => new LogFile(Options.Log, Options.LogAsJson, Error).Warn(message);

    /// <summary>Writes what happens where errors go; null unless that is asked for (--debug).</summary>
    public Action<string>? Trace => Options.Debug ? new LogFile(Options.Log, Options.LogAsJson, Error).Debug : null;

    /// <summary>Finds a container.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The container.</returns>
    /// <exception cref="Linux.SampanException">There is none.</exception>
    public OciContainer Find(string id) => OciContainer.Find(Options.Root, id);
}
