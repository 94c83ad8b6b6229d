namespace Sampan.Cli.Commands.Images;

/// <summary>Writes down what commands do to images: the store itself knows no engine and no journal.</summary>
internal static class ImageEvents
{
    /// <summary>Writes an event.</summary>
    /// <param name="session">The engine.</param>
    /// <param name="action">tag, untag, delete, load, save or import.</param>
    /// <param name="id">sha256:… of the image.</param>
    /// <param name="name">The reference; null is the id.</param>
    public static void Write(Session session, string action, string id, string? name = null) =>
        session.Engine.Events.Write("image", action, id, new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = name ?? id });
}
