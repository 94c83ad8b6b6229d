using System.Globalization;
using Sampan.Oci.Images;

namespace Sampan.Registries.Tests.Harness;

/// <summary>
/// A registry in memory, for what a real one does not do when asked to: break, lie, or know parts of the specification that Debian's does
/// not. A test's fault comes before the registry's own answer.
/// </summary>
internal sealed class FakeRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryStream> _uploads = [];
    private int _sessions;

    public Dictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>By digest or tag, with the media type.</summary>
    public Dictionary<string, (string MediaType, byte[] Bytes)> Manifests { get; } = [];

    /// <summary>The specification's list of who refers to a manifest; null where the registry has none.</summary>
    public Func<string, string?, byte[]>? Referrers { get; set; }

    /// <summary>Ignores Range.</summary>
    public bool IgnoresRange { get; set; }

    /// <summary>Answers in place of the registry, when it does answer.</summary>
    public Func<Question, Reply?> Fault { get; set; } = _ => null;

    public void Add(TestImage image, string? tag = null)
    {
        foreach (var blob in image.Layers.Append(image.Manifest.Config!))
        {
            Blobs[blob.Digest!] = image[blob];
        }

        Add(image.Manifest, tag);
    }

    public void Add(Manifest manifest, string? tag = null)
    {
        Manifests[manifest.Descriptor.Digest!] = (manifest.Descriptor.MediaType!, manifest.Bytes.ToArray());
        if (tag is not null)
        {
            Manifests[tag] = Manifests[manifest.Descriptor.Digest!];
        }
    }

    public Reply Answer(Question question)
    {
        lock (_gate)
        {
            return Fault(question) ?? Own(question);
        }
    }

    private Reply Own(Question question)
    {
        var path = question.Path.Split('?')[0];
        var last = path[(path.LastIndexOf('/') + 1)..];
        return path switch
        {
            "/v2/" => new Reply(200, "{}"),
            _ when path.Contains("/blobs/uploads/") => Upload(question, last),
            _ when path.Contains("/blobs/") => Blob(question, last),
            _ when path.Contains("/manifests/") => Manifest(question, last),
            _ when path.Contains("/referrers/") && Referrers is not null => new Reply(200, Referrers(last, Query(question, "artifactType"))).With("Content-Type", MediaTypes.Index),
            _ => new Reply(404, "page not found"),
        };
    }

    private Reply Blob(Question question, string digest)
    {
        if (!Blobs.TryGetValue(digest, out var bytes))
        {
            return Reply.Error(404, "BLOB_UNKNOWN", "blob unknown to registry");
        }

        if (question["Range"] is { } range && !IgnoresRange)
        {
            var from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            return new Reply(206, bytes[from..]).With("Content-Range", $"bytes {from}-{bytes.Length - 1}/{bytes.Length}");
        }

        return new Reply(200, bytes).With("Docker-Content-Digest", digest);
    }

    private Reply Manifest(Question question, string name)
    {
        if (question.Method == "PUT")
        {
            var bytes = question.Body();
            var digest = TestImage.DigestOf(bytes);
            Manifests[digest] = Manifests[name] = (question["Content-Type"]!, bytes);
            return new Reply(201).With("Docker-Content-Digest", digest);
        }

        return Manifests.TryGetValue(name, out var manifest)
            ? new Reply(200, manifest.Bytes).With("Content-Type", manifest.MediaType).With("Docker-Content-Digest", TestImage.DigestOf(manifest.Bytes))
            : Reply.Error(404, "MANIFEST_UNKNOWN", "manifest unknown");
    }

    private Reply Upload(Question question, string session)
    {
        if (question.Method == "POST")
        {
            if (Query(question, "mount") is { } mounted && Blobs.ContainsKey(mounted))
            {
                return new Reply(201).With("Location", "/v2/x/blobs/" + mounted);
            }

            session = $"s{++_sessions}";
            _uploads[session] = new();
        }
        else if (!_uploads.ContainsKey(session))
        {
            return Reply.Error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
        }

        var upload = _uploads[session];
        if (question.Method is "PATCH" or "PUT" && question.Length > 0)
        {
            if (question["Content-Range"] is { } range && range != $"{upload.Length}-{upload.Length + question.Length - 1}")
            {
                return Reply.Error(416, "BLOB_UPLOAD_INVALID", "range").With("Range", $"0-{upload.Length - 1}");
            }

            upload.Write(question.Body());
        }

        if (question.Method != "PUT")
        {
            return State(question.Method == "GET" ? 204 : 202, session);
        }

        var digest = Query(question, "digest")!;
        if (TestImage.DigestOf(upload.ToArray()) != digest)
        {
            return Reply.Error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        }

        _uploads.Remove(session);
        Blobs[digest] = upload.ToArray();
        return new Reply(201).With("Location", "/v2/x/blobs/" + digest);
    }

    private Reply State(int status, string session) =>
        new Reply(status).With("Location", $"/v2/x/blobs/uploads/{session}?state=opaque").With("Range", $"0-{Math.Max(0, _uploads[session].Length - 1)}");

    /// <summary>Keeps the first bytes of a PATCH, as a registry does whose connection breaks there.</summary>
    public Reply BreakUpload(Question question, int after)
    {
        var session = question.Path.Split('?')[0].Split('/')[^1];
        _uploads[session].Write(question.Body(after));
        return new Reply(0) { Break = true };
    }

    public void ForgetUploads() => _uploads.Clear();

    private static string? Query(Question question, string name) =>
        question.Path.Split('?') is [_, var query]
            ? query.Split('&').Select(part => part.Split('=', 2)).Where(part => part[0] == name).Select(part => Uri.UnescapeDataString(part[1])).FirstOrDefault()
            : null;
}
