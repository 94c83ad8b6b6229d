using System.Text;

namespace Sampan.Registries.Tests.Harness;

/// <summary>An answer, and what goes wrong with it.</summary>
internal sealed record Reply(int Status, byte[] Body)
{
    public Reply(int status, string body = "")
        : this(status, Encoding.UTF8.GetBytes(body))
    {
    }

    public List<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The connection breaks after so many bytes of the body; 0 before the first.</summary>
    public int? BreakAfter { get; init; }

    /// <summary>It breaks before the head.</summary>
    public bool Break { get; init; }

    /// <summary>After so many bytes of the body nothing more comes, until the server is disposed.</summary>
    public int? HangAfter { get; init; }

    /// <summary>Bytes of the body come one at a time with so much in between.</summary>
    public TimeSpan? Drip { get; init; }

    /// <summary>What Content-Length says, when that is not the truth.</summary>
    public int? ClaimedLength { get; init; }

    /// <summary>No Content-Length: the body goes in chunks.</summary>
    public bool Chunked { get; init; }

    public Reply With(string name, string value)
    {
        Headers.Add((name, value));
        return this;
    }

    public static Reply Error(int status, string code, string message) =>
        new Reply(status, $$$"""{"errors":[{"code":"{{{code}}}","message":"{{{message}}}","detail":{"some":["thing",1]} }]}""").With("Content-Type", "application/json");
}
