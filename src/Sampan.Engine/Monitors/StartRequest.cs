namespace Sampan.Engine.Monitors;

/// <summary>How a container's process is started.</summary>
/// <param name="Trace">The time of every step is wanted.</param>
/// <param name="Rows">Rows of its terminal; 0 when unknown.</param>
/// <param name="Columns">Columns of its terminal; 0 when unknown.</param>
internal sealed record StartRequest(bool Trace = false, ushort Rows = 0, ushort Columns = 0);
