using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands;

/// <summary>Docker's question before something is removed for good.</summary>
internal static class Confirmation
{
    /// <summary>Asks, and reads a line of standard input.</summary>
    /// <param name="session">Where to ask.</param>
    /// <param name="warning">What is about to happen.</param>
    /// <returns>True for y or yes.</returns>
    public static bool Ask(Session session, string warning)
    {
        session.Out.Write(warning).Write("\nAre you sure you want to continue? [y/N] ").Flush();
        using var input = new FileDescriptor(0, owned: false);
        var line = new List<byte>();
        Span<byte> one = stackalloc byte[1];
        while (input.Read(one) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
        }

        return Encoding.UTF8.GetString([.. line]).Trim().ToLowerInvariant() is "y" or "yes";
    }
}
