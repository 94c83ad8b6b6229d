namespace Sampan.Flags;

/// <summary>The flags of one command, in the order they were added; help sorts them by name.</summary>
public sealed class FlagSet
{
    private readonly List<Flag> _flags = new(8);
    private List<(string Name, Flag Flag)>? _aliases;
    private string[] _unsupported = [];
    private List<(string Name, string Reason)>? _refused;

    /// <summary>All flags, hidden ones too.</summary>
    public IReadOnlyList<Flag> All => _flags;

    /// <summary>The hidden second names, as documented in the tutorials page.</summary>
    public IReadOnlyList<(string Name, Flag Flag)> Aliases => _aliases ?? [];

    /// <summary>Adds a flag made elsewhere.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="flag">The flag.</param>
    /// <returns>The flag.</returns>
    public T Add<T>(T flag)
        where T : Flag
    {
        _flags.Add(flag);
        return flag;
    }

    /// <summary>Adds a switch.</summary>
    /// <inheritdoc cref="Flags.Switch"/>
    /// <returns>The flag.</returns>
    public Switch Switch(string name, char shorthand, string help, bool initial = false) => Add(new Switch(name, shorthand, help, initial));

    /// <summary>Adds a flag whose value is any text.</summary>
    /// <inheritdoc cref="ValueFlag{T}"/>
    /// <returns>The flag.</returns>
    public ValueFlag<string> Text(string name, char shorthand, string help, string initial = "", string typeName = "string") =>
        Add(new ValueFlag<string>(name, shorthand, help, typeName, static text => text, initial, initial.Length == 0 ? "" : $"\"{initial}\""));

    /// <summary>Adds a flag whose value is a whole number.</summary>
    /// <inheritdoc cref="ValueFlag{T}"/>
    /// <returns>The flag.</returns>
    public ValueFlag<long> Number(string name, char shorthand, string help, long initial = 0) =>
        Add(new ValueFlag<long>(name, shorthand, help, "int", Integer.Parse, initial, initial == 0 ? "" : Integer.Format(initial)));

    /// <summary>Adds a flag whose value is a size in bytes with docker's units.</summary>
    /// <inheritdoc cref="ValueFlag{T}"/>
    /// <returns>The flag.</returns>
    public ValueFlag<long> Bytes(string name, char shorthand, string help, bool allowUnlimited = false) =>
        Add(new ValueFlag<long>(name, shorthand, help, "bytes", allowUnlimited ? ByteSize.ParseOrUnlimited : ByteSize.Parse, 0));

    /// <summary>Adds a flag that may be given many times.</summary>
    /// <inheritdoc cref="ListFlag"/>
    /// <returns>The flag.</returns>
    public ListFlag List(string name, char shorthand, string help, string typeName = "list", Func<string, string>? check = null) =>
        Add(new ListFlag(name, shorthand, help, typeName, check));

    /// <summary>
    /// Gives a flag a second, hidden name that works with one dash as well as two: the spellings of the "write your own Docker"
    /// tutorials, whose parsers (Go's flag, urfave/cli) know no shorthand clusters. Only names that docker's own grammar would refuse
    /// may be given, so no docker command line changes its meaning.
    /// </summary>
    /// <param name="name">The name, without dashes.</param>
    /// <param name="flag">The flag it stands for.</param>
    public void Alias(string name, Flag flag) => (_aliases ??= []).Add((name, flag));

    /// <summary>Names docker's flags this command does not have, so that the refusal says so instead of "unknown".</summary>
    /// <param name="names">Long names; "x/long" adds the shorthand x.</param>
    public void Unsupported(params string[] names) => _unsupported = names;

    /// <summary>Names docker's flags this command will never have, with the reason.</summary>
    /// <param name="reason">Why not.</param>
    /// <param name="names">Long names.</param>
    public void Refuse(string reason, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            (_refused ??= []).Add((name, reason));
        }
    }

    /// <summary>Why a docker flag is refused.</summary>
    /// <param name="name">Long name.</param>
    /// <returns>The reason, or null.</returns>
    public string? FindRefusal(ReadOnlySpan<char> name)
    {
        foreach (var (refused, reason) in _refused ?? [])
        {
            if (name.SequenceEqual(refused))
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Finds a flag by its long name or a second name.</summary>
    /// <param name="name">Without dashes.</param>
    /// <returns>The flag, or null.</returns>
    public Flag? Find(ReadOnlySpan<char> name)
    {
        foreach (var flag in _flags)
        {
            if (name.SequenceEqual(flag.Name))
            {
                return flag;
            }
        }

        return FindAlias(name);
    }

    /// <summary>Finds a flag by a second name, which one dash may precede.</summary>
    /// <inheritdoc cref="Find(ReadOnlySpan{char})"/>
    public Flag? FindAlias(ReadOnlySpan<char> name)
    {
        foreach (var (alias, flag) in Aliases)
        {
            if (name.SequenceEqual(alias))
            {
                return flag;
            }
        }

        return null;
    }

    /// <summary>Finds a flag by its letter.</summary>
    /// <param name="shorthand">The letter.</param>
    /// <returns>The flag, or null.</returns>
    public Flag? Find(char shorthand)
    {
        foreach (var flag in _flags)
        {
            if (flag.Shorthand == shorthand)
            {
                return flag;
            }
        }

        return null;
    }

    /// <summary>The long name of a docker flag that is not supported, when the text names one.</summary>
    /// <param name="name">Long name, or one letter.</param>
    /// <returns>The long name, or null.</returns>
    public string? FindUnsupported(ReadOnlySpan<char> name)
    {
        foreach (var entry in _unsupported)
        {
            var hasLetter = entry.Length > 2 && entry[1] == '/';
            var longName = hasLetter ? entry[2..] : entry;
            if (name.SequenceEqual(longName) || (hasLetter && name.Length == 1 && name[0] == entry[0]))
            {
                return longName;
            }
        }

        return null;
    }
}
