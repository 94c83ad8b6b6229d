namespace Sampan.Cli.Commands;

/// <summary>How many arguments a command takes.</summary>
/// <param name="Minimum">At least.</param>
/// <param name="Maximum">At most; <see cref="int.MaxValue"/> is any number.</param>
internal readonly record struct Arity(int Minimum, int Maximum)
{
    /// <summary>No arguments.</summary>
    public static Arity None => new(0, 0);

    /// <summary>Exactly that many.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The arity.</returns>
    public static Arity Exactly(int count) => new(count, count);

    /// <summary>That many or more.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The arity.</returns>
    public static Arity AtLeast(int count) => new(count, int.MaxValue);

    /// <summary>What is wrong with a number of arguments, in docker's words.</summary>
    /// <param name="count">Number of arguments given.</param>
    /// <returns>The words that follow the command's name, or null when the number is right.</returns>
    public string? Complaint(int count)
    {
        if (count >= Minimum && count <= Maximum)
        {
            return null;
        }

        if (Maximum == 0)
        {
            return "accepts no arguments";
        }

        if (Minimum == Maximum)
        {
            return $"requires {Arguments(Minimum)}";
        }

        if (Minimum == 0)
        {
            return $"requires at most {Arguments(Maximum)}";
        }

        return Maximum == int.MaxValue
            ? $"requires at least {Arguments(Minimum)}"
            : $"requires at least {Minimum} and at most {Arguments(Maximum)}";
    }

    private static string Arguments(int count) => count == 1 ? "1 argument" : $"{count} arguments";
}
