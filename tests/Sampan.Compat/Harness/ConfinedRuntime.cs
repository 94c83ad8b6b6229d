using System.Globalization;

namespace Sampan.Compat.Harness;

/// <summary>
/// The runtime behind a script that takes from config.json what a confined host has not got itself. An engine asks for all of it in
/// two places and has no option against it: podman the highest limits for the infra container of a pod, docker every capability for
/// --privileged.
/// </summary>
public static class ConfinedRuntime
{
    private const int SysResource = 24;

    private const string Script = """
        #!/bin/sh
        previous=
        for argument in "$@"; do
            [ "$previous" != --bundle ] || sed -i 's/"hard":[0-9]*,"soft":[0-9]*/"hard":1000,"soft":1000/g; s/"CAP_SYS_RESOURCE",//g' "$argument/config.json"
            previous=$argument
        done
        exec "RUNTIME" "$@"

        """;

    /// <summary>Whether limits may be raised here, and the capability for it given on.</summary>
    private static bool MayRaiseLimits =>
        (ulong.Parse(Processes.Status(Environment.ProcessId, "CapBnd"), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> SysResource & 1) == 1;

    /// <summary>The script's path, or the runtime's where the host is not confined.</summary>
    /// <param name="folder">Where the script is made.</param>
    public static string In(string folder)
    {
        if (MayRaiseLimits)
        {
            return RuntimeUnderTest.Binary;
        }

        var path = Path.Combine(folder, "confined-runtime");
        if (!File.Exists(path))
        {
            File.WriteAllText(path, Script.Replace("RUNTIME", RuntimeUnderTest.Binary));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }
}
