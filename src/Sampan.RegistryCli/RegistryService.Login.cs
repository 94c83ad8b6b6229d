using Sampan.Cli.Commands;
using Sampan.Cli.Commands.Registries;
using Sampan.Linux;
using Sampan.Linux.Terminals;

namespace Sampan.RegistryCli;

/// <content>Logging in.</content>
internal sealed partial class RegistryService
{
    /// <inheritdoc/>
    public int Login(Session session, LoginRequest request)
    {
        var (user, password) = (request.Username, request.Password);
        if (user is null && password is null && IsLoggedIn(session, request.Registry))
        {
            session.Out.WriteLine("Login Succeeded");
            return 0;
        }

        if (user is null || password is null)
        {
            if (!TerminalMode.IsTerminal(0))
            {
                throw SampanException.InvalidArgument("Cannot perform an interactive login from a non TTY device");
            }

            var known = user ?? Client.FindUser(request.Registry);
            user ??= Prompt.Ask(session, known is null ? "Username: " : $"Username ({known}): ") is { Length: > 0 } typed ? typed : known;
            if (string.IsNullOrEmpty(user))
            {
                throw SampanException.InvalidArgument("username is required");
            }

            password ??= Prompt.AskHidden(session, "Password: ");
            if (password.Length == 0)
            {
                throw SampanException.InvalidArgument("password is required");
            }
        }

        var place = Client.Login(request.Registry, user, password);
        if (place.Helper is null)
        {
            session.Error
                .WriteLine()
                .WriteLine($"WARNING! Your credentials are stored unencrypted in '{place.File}'.")
                .WriteLine("Configure a credential helper to remove this warning. See")
                .WriteLine("https://docs.docker.com/go/credential-store/")
                .WriteLine()
                .Flush();
        }

        session.Out.WriteLine("Login Succeeded");
        return 0;
    }

    private bool IsLoggedIn(Session session, string registry)
    {
        if (Client.FindUser(registry) is not { } known)
        {
            return false;
        }

        session.Error
            .WriteLine($"Authenticating with existing credentials... [Username: {known}]")
            .WriteLine()
            .WriteLine($" Info -> To login with a different account, run '{Session.Program} logout' followed by '{Session.Program} login'")
            .WriteLine()
            .WriteLine()
            .Flush();
        var taken = Client.TakesLogin(registry);
        if (!taken)
        {
            session.Error.WriteLine("Stored credentials invalid or expired").Flush();
        }

        return taken;
    }
}
