namespace Sampan.Compat.Cli;

/// <summary>Removes what a scenario has made, but the image.</summary>
public static class Cleaning
{
    /// <summary>The script for <see cref="ICliEngine.Shell"/>.</summary>
    public const string Script = """
        containers=$(engine ps -aq) && { [ -z "$containers" ] || engine rm -f -v $containers >/dev/null; } &&
        volumes=$(engine volume ls -q) && { [ -z "$volumes" ] || engine volume rm -f $volumes >/dev/null; } &&
        networks=$(engine network ls -q --filter type=custom) && { [ -z "$networks" ] || engine network rm $networks >/dev/null; } &&
        images=$(engine images --format '{{.Repository}}:{{.Tag}} {{.ID}}' | grep -v '^busybox:latest ' | sed 's/^[^ ]*:<none> //; s/ .*//') && { [ -z "$images" ] || engine rmi -f $images >/dev/null; } || true
        """;
}
