using System.Text;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Registries;

/// <summary>sampan login.</summary>
internal sealed class LoginCommand : RegistryCommand
{
    // Longer than any token; a device without end is no password.
    private const int LongestPassword = 1 << 20;

    private readonly ValueFlag<string> _password;
    private readonly Switch _fromStdin;
    private readonly ValueFlag<string> _username;

    /// <summary>Declares the flags.</summary>
    public LoginCommand()
    {
        _password = Flags.Text("password", 'p', "Password or Personal Access Token (PAT)");
        _fromStdin = Flags.Switch("password-stdin", '\0', "Take the Password or Personal Access Token (PAT) from stdin");
        _username = Flags.Text("username", 'u', "Username");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] [SERVER]";

    /// <inheritdoc/>
    public override Arity Arity => new(0, 1);

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments)
    {
        var password = _password.Changed ? _password.Value : null;
        if (_fromStdin.Value)
        {
            if (password is not null)
            {
                throw SampanException.InvalidArgument("conflicting options: cannot specify both --password and --password-stdin");
            }

            if (!_username.Changed)
            {
                throw SampanException.InvalidArgument("the --password-stdin option requires --username to be set");
            }

            using var input = new FileDescriptor(0, owned: false);
            password = Encoding.UTF8.GetString(input.ReadToEnd(LongestPassword)).TrimEnd('\n').TrimEnd('\r');
        }

        if (_password.Changed)
        {
            session.Error.WriteLine("WARNING! Using --password via the CLI is insecure. Use --password-stdin.").Flush();
        }

        return registries.Login(session, new(arguments.Count > 0 ? arguments[0] : "", _username.Changed ? _username.Value : null, password));
    }
}
