using Sampan.Engine.Containers;

namespace Sampan.Engine.Specs;

/// <summary>The environment of a container's first process.</summary>
internal static class EnvironmentSpecs
{
    /// <summary>
    /// Puts it together: docker's own variables, replaced in place or added to by the image's and the user's; HOME from the user database
    /// where nobody says it. A word without "=" takes a variable away.
    /// </summary>
    /// <param name="config">The image's and the user's, merged.</param>
    /// <param name="hostname">Value of HOSTNAME; null leaves it out.</param>
    /// <param name="home">Value of HOME.</param>
    /// <returns>NAME=value words.</returns>
    public static List<string> Of(ContainerConfig config, string? hostname, string home)
    {
        List<string> environment = [ContainerDefaults.Path];
        if (hostname is { Length: > 0 })
        {
            environment.Add("HOSTNAME=" + hostname);
        }

        if (config.Tty)
        {
            environment.Add("TERM=xterm");
        }

        var removesHome = false;
        foreach (var setting in config.Env)
        {
            removesHome |= setting == "HOME";
            Set(environment, setting);
        }

        if (!removesHome && !environment.Exists(setting => setting.StartsWith("HOME=", StringComparison.Ordinal)))
        {
            environment.Add("HOME=" + home);
        }

        return environment;
    }

    private static void Set(List<string> environment, string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        var prefix = equals < 0 ? setting + "=" : setting[..(equals + 1)];
        var place = environment.FindIndex(known => known.StartsWith(prefix, StringComparison.Ordinal));
        if (equals < 0)
        {
            environment.RemoveAll(known => known.StartsWith(prefix, StringComparison.Ordinal));
        }
        else if (place >= 0)
        {
            environment[place] = setting;
        }
        else
        {
            environment.Add(setting);
        }
    }
}
