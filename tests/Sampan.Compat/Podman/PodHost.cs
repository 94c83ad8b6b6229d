namespace Sampan.Compat.Podman;

/// <summary>
/// podman for pods. It gives an infra container the highest limits there are and has no option against it, which only works where
/// limits may be raised (CAP_SYS_RESOURCE); so a script lowers them on the way to the runtime.
/// </summary>
public sealed class PodHost : PodmanHost
{
    private const string Script = """
        #!/bin/sh
        previous=
        for argument in "$@"; do
            [ "$previous" != --bundle ] || sed -i 's/"hard":[0-9]*,"soft":[0-9]*/"hard":1000,"soft":1000/g' "$argument/config.json"
            previous=$argument
        done
        exec "RUNTIME" "$@"

        """;

    /// <inheritdoc/>
    protected override string RuntimeIn(string folder)
    {
        var path = Path.Combine(folder, "runtime");
        if (!File.Exists(path))
        {
            File.WriteAllText(path, Script.Replace("RUNTIME", RuntimeUnderTest.Binary));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }
}
