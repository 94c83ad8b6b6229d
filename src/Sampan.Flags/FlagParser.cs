namespace Sampan.Flags;

/// <summary>
/// Splits a command line into flags and arguments by docker's grammar (pflag): <c>-it</c>, <c>-eA=1</c>, <c>-e A=1</c>,
/// <c>--flag=value</c>, <c>--flag value</c>, <c>--switch=false</c>, and "--" ends the flags.
/// </summary>
/// <param name="flags">The command's flags.</param>
/// <param name="interspersed">False when the first argument ends the flags (run, create, exec).</param>
/// <param name="oneDash">True when every name may have one dash as well as two, which is the grammar of Go's flag package and so runc's.</param>
public ref struct FlagParser(FlagSet flags, bool interspersed, bool oneDash = false)
{
    private readonly List<string> _arguments = [];
    private ReadOnlySpan<string> _rest;

    /// <summary>True when --help was asked for; parsing stopped there.</summary>
    public bool HelpRequested { get; private set; }

    /// <summary>Parses.</summary>
    /// <param name="words">The words after the command's name.</param>
    /// <returns>The arguments that are not flags.</returns>
    /// <exception cref="UsageException">Unknown flag, missing or invalid value.</exception>
    public List<string> Parse(ReadOnlySpan<string> words)
    {
        _rest = words;
        while (!_rest.IsEmpty && !HelpRequested)
        {
            var word = _rest[0];
            if (word.Length < 2 || word[0] != '-')
            {
                if (!interspersed)
                {
                    break;
                }

                _arguments.Add(word);
                _rest = _rest[1..];
                continue;
            }

            _rest = _rest[1..];
            if (word == "--")
            {
                break;
            }

            if (word[1] == '-')
            {
                ParseLong(word, word.AsSpan(2));
            }
            else if (!TryParseName(word))
            {
                ParseCluster(word.AsSpan(1));
            }
        }

        foreach (var word in _rest)
        {
            _arguments.Add(word);
        }

        return _arguments;
    }

    private void ParseLong(string word, ReadOnlySpan<char> text)
    {
        if (text[0] is '-' or '=')
        {
            throw new UsageException($"bad flag syntax: {word}");
        }

        var equals = text.IndexOf('=');
        var name = equals < 0 ? text : text[..equals];
        var flag = flags.Find(name);
        if (flag is not null)
        {
            Assign(flag, text, equals, $"--{name}");
        }
        else if (name is "help")
        {
            HelpRequested = true;
        }
        else
        {
            throw flags.FindRefusal(name) is { } reason ? new UsageException($"unsupported flag: --{name}: {reason}")
                : flags.FindUnsupported(name) is { } known ? Refused(known) : new UsageException($"unknown flag: --{name}");
        }
    }

    // A whole name after one dash.
    private bool TryParseName(string word)
    {
        var text = word.AsSpan(1);
        var equals = text.IndexOf('=');
        var name = equals < 0 ? text : text[..equals];
        if ((oneDash ? flags.Find(name) : flags.FindAlias(name)) is { } flag)
        {
            Assign(flag, text, equals, $"-{name}");
            return true;
        }

        HelpRequested = oneDash && name is "help";
        return HelpRequested;
    }

    private void Assign(Flag flag, ReadOnlySpan<char> text, int equals, string spelling)
    {
        if (equals >= 0)
        {
            flag.Set(text[(equals + 1)..].ToString());
        }
        else if (flag.IsSwitch)
        {
            flag.Set("true");
        }
        else if (_rest.IsEmpty)
        {
            throw new UsageException($"flag needs an argument: {spelling}");
        }
        else
        {
            flag.Set(_rest[0]);
            _rest = _rest[1..];
        }
    }

    private void ParseCluster(ReadOnlySpan<char> letters)
    {
        while (!letters.IsEmpty)
        {
            var flag = flags.Find(letters[0]);
            if (flag is null)
            {
                if (letters[0] == 'h')
                {
                    HelpRequested = true;
                    return;
                }

                throw flags.FindUnsupported(letters[..1]) is { } known
                    ? Refused(known)
                    : new UsageException($"unknown shorthand flag: '{letters[0]}' in -{letters}");
            }

            if (letters.Length > 2 && letters[1] == '=')
            {
                flag.Set(letters[2..].ToString());
                return;
            }

            if (flag.IsSwitch)
            {
                flag.Set("true");
                letters = letters[1..];
                continue;
            }

            if (letters.Length > 1)
            {
                flag.Set(letters[1..].ToString());
            }
            else if (_rest.IsEmpty)
            {
                throw new UsageException($"flag needs an argument: '{letters[0]}' in -{letters}");
            }
            else
            {
                flag.Set(_rest[0]);
                _rest = _rest[1..];
            }

            return;
        }
    }

    private static UsageException Refused(string name) => new($"unsupported flag: --{name} is docker's, sampan does not have it");
}
