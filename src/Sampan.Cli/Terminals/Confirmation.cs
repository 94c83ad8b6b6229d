using System.Text;
using Sampan.Cli.Commands;

namespace Sampan.Cli.Terminals;

/// <summary>The question before something that cannot be undone, in docker's words.</summary>
internal static class Confirmation
{
    /// <summary>Asks and waits for a line.</summary>
    /// <param name="session">Where to ask.</param>
    /// <param name="warning">What will be done.</param>
    /// <returns>True for y and yes; the end of the input is a no.</returns>
    public static bool Ask(Session session, string warning)
    {
        session.Out.WriteLine(warning).Write("Are you sure you want to continue? [y/N] ").Flush();
        Span<byte> typed = stackalloc byte[256];
        var length = 0;
        while (length < typed.Length)
        {
            var count = StandardInput.TryRead(typed.Slice(length, 1));
            if (count <= 0 || typed[length] == (byte)'\n')
            {
                break;
            }

            length++;
        }

        return Encoding.UTF8.GetString(typed[..length]).Trim().ToLowerInvariant() is "y" or "yes";
    }
}
