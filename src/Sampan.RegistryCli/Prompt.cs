using System.Text;
using Sampan.Cli.Commands;
using Sampan.Linux.Files;
using Sampan.Linux.Terminals;

namespace Sampan.RegistryCli;

/// <summary>Asks who sits at the terminal.</summary>
internal static class Prompt
{
    private const int LongestAnswer = 4096;

    /// <summary>Asks for a line.</summary>
    /// <param name="session">Where to ask.</param>
    /// <param name="question">What is asked.</param>
    /// <returns>The line without its end; empty at the end of the input.</returns>
    public static string Ask(Session session, string question)
    {
        session.Out.Write(question).Flush();
        Span<byte> line = stackalloc byte[LongestAnswer];
        var length = 0;
        using var input = new FileDescriptor(0, owned: false);
        while (length < line.Length && input.Read(line.Slice(length, 1)) == 1 && line[length] != (byte)'\n')
        {
            length++;
        }

        return Encoding.UTF8.GetString(line[..length]).Trim();
    }

    /// <summary>Asks for a line that does not show.</summary>
    /// <inheritdoc cref="Ask"/>
    public static string AskHidden(Session session, string question)
    {
        using (TerminalMode.HideInput(0))
        {
            var answer = Ask(session, question);
            session.Out.WriteLine().Flush();
            return answer;
        }
    }
}
