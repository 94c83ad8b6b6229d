namespace Sampan.Flags;

/// <summary>
/// One flag of a command: what it is called, what help says of it, and where its value goes. The grammar and the words of the errors are
/// pflag's, which docker's users and scripts know.
/// </summary>
/// <param name="name">Long name, without dashes.</param>
/// <param name="shorthand">One letter, or NUL when there is none.</param>
/// <param name="help">One sentence for help; may hold line breaks.</param>
public abstract class Flag(string name, char shorthand, string help)
{
    /// <summary>Long name, without dashes.</summary>
    public string Name { get; } = name;

    /// <summary>One letter, or NUL when there is none.</summary>
    public char Shorthand { get; } = shorthand;

    /// <summary>What help says.</summary>
    public string Help { get; } = help;

    /// <summary>The word for the value in help ("list", "bytes"); empty for a switch.</summary>
    public abstract string TypeName { get; }

    /// <summary>What help shows as the default, quotes included; empty when nothing is shown.</summary>
    public virtual string DefaultText => "";

    /// <summary>True when the flag may stand alone (a switch): a value then needs "=".</summary>
    public virtual bool IsSwitch => false;

    /// <summary>Not shown in help and completion.</summary>
    public bool Hidden { get; init; }

    /// <summary>True once the command line has set it.</summary>
    public bool Changed { get; private set; }

    /// <summary>Takes a value from the command line.</summary>
    /// <param name="text">The value as written.</param>
    /// <exception cref="UsageException">The value is not of the flag's kind.</exception>
    public void Set(string text)
    {
        try
        {
            Accept(text);
        }
        catch (ValueException error)
        {
            throw new UsageException($"invalid argument \"{text}\" for \"{Describe()}\" flag: {error.Message}");
        }

        Changed = true;
    }

    /// <summary>Parses and stores the value.</summary>
    /// <param name="text">The value as written.</param>
    /// <exception cref="ValueException">The value is not of the flag's kind; the message says why.</exception>
    protected abstract void Accept(string text);

    private string Describe() => Shorthand == '\0' ? $"--{Name}" : $"-{Shorthand}, --{Name}";
}
