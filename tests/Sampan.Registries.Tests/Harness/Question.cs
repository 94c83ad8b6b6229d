namespace Sampan.Registries.Tests.Harness;

/// <summary>A request as it came over the wire.</summary>
internal sealed class Question(string method, string target, IReadOnlyDictionary<string, string> headers, Stream body, bool isOverTls)
{
    private byte[]? _body;

    public string Method { get; } = method;

    /// <summary>As sent: a path, or a whole address when it came through a proxy.</summary>
    public string Target { get; } = target;

    public bool IsOverTls { get; } = isOverTls;

    /// <summary>The host it is for.</summary>
    public string Host => Target.StartsWith("http://", StringComparison.Ordinal) ? new Uri(Target).Authority : this["Host"] ?? "";

    /// <summary>Path and query.</summary>
    public string Path => Target.StartsWith("http://", StringComparison.Ordinal) ? new Uri(Target).PathAndQuery : Target;

    public int Length => this["Content-Length"] is { } length ? int.Parse(length) : 0;

    public string? this[string header] => headers.TryGetValue(header, out var value) ? value : null;

    /// <summary>The body, or its beginning.</summary>
    public byte[] Body(int limit = int.MaxValue)
    {
        if (_body is null)
        {
            _body = new byte[Math.Min(Length, limit)];
            body.ReadExactly(_body);
        }

        return _body;
    }

    public override string ToString() => $"{Method} {Target}";
}
