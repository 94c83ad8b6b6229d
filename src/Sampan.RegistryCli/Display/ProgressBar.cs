using Sampan.Cli.Formatting;

namespace Sampan.RegistryCli.Display;

/// <summary>docker's bar: [=====>      ]  1.2MB/3.4MB; on a narrow terminal the numbers alone (moby, pkg/jsonmessage).</summary>
internal static class ProgressBar
{
    private const int Length = 50;
    private const int NarrowTerminal = 110;

    /// <summary>Draws it.</summary>
    /// <param name="done">Bytes done.</param>
    /// <param name="total">Bytes in all; 0 where nobody knows.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <returns>The bar.</returns>
    public static string Draw(long done, long total, int width)
    {
        var number = HumanSize.FormatProgress(done).PadLeft(8);
        if (total <= 0)
        {
            return number;
        }

        var filled = (int)(Math.Clamp((double)done / total, 0, 1) * Length);
        var bar = width > NarrowTerminal ? $"[{new string('=', filled)}>{new string(' ', Length - filled)}] " : "";
        return done > total ? bar + number : $"{bar}{number}/{HumanSize.FormatProgress(total)}";
    }
}
