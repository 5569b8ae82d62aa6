using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using static ContactCenter.Infrastructure.Tests.Recordings.S3.S3Answer;

namespace ContactCenter.Infrastructure.Tests.Recordings.S3;

/// <summary>What lies in the one bucket of the server. Lists come in pages of three.</summary>
internal sealed class S3Contents
{
    private const int Page = 3;
    private const int LeastPart = 5 << 20;
    private readonly SortedDictionary<string, List<Version>> _objects = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (string Key, SortedDictionary<int, byte[]> Parts)> _uploads = new(StringComparer.Ordinal);
    private int _made;

    /// <summary>Held by whoever looks or changes.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Keeps what is overwritten or deleted.</summary>
    public bool Versioned { get; set; }

    /// <summary>Does not know If-None-Match and If-Match when it is asked to write.</summary>
    public bool HeedsNoConditions { get; set; }

    /// <summary>Takes parts of any size.</summary>
    public bool SmallParts { get; set; } = true;

    private sealed record Version(string Id, byte[]? Bytes)
    {
        /// <summary>As S3 makes it; clients check it.</summary>
        public string Tag { get; init; } = Bytes is null ? "" : $"\"{Md5(Bytes)}\"";
    }

    /// <summary>Everything that lies there, in whatever version or part, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Everything()
    {
        lock (Gate)
        {
            return _objects.SelectMany(o => o.Value.Where(v => v.Bytes is not null).Select(v => (Name: o.Value.Count == 1 ? o.Key : $"{o.Key}?{v.Id}", Bytes: v.Bytes!)))
                .Concat(_uploads.SelectMany(u => u.Value.Parts.Select(p => (Name: $"{u.Value.Key}?{u.Key}&{p.Key}", Bytes: p.Value))))
                .ToDictionary(thing => thing.Name, thing => thing.Bytes);
        }
    }

    public void Overwrite(string key, byte[]? bytes)
    {
        lock (Gate)
        {
            if (bytes is null)
                _objects.Remove(key);
            else
                _objects[key] = [new Version($"v{++_made}", bytes)];
        }
    }

    public S3Answer Get(string key, IHeaderDictionary headers, bool headOnly)
    {
        if (Current(key) is not { } there)
            return headOnly ? new S3Answer(404, []) : Error(404, "NoSuchKey");
        if (headers.IfMatch.ToString() is { Length: > 0 } tag && tag.Trim('"') != there.Tag.Trim('"'))
            return Error(412, "PreconditionFailed");
        var bytes = there.Bytes!;
        if (headOnly)
            return new S3Answer(200, [], ("ETag", there.Tag)) { Length = bytes.Length };
        if (headers.Range.ToString() is not { Length: > 0 } range)
            return new S3Answer(200, bytes, ("ETag", there.Tag));
        var ends = range["bytes=".Length..].Split('-').Select(end => long.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        if (ends[0] >= bytes.Length)
            return Error(416, "InvalidRange");
        var last = Math.Min(ends[1], bytes.Length - 1);
        return new S3Answer(206, bytes[(int)ends[0]..(int)(last + 1)], ("ETag", there.Tag), ("Content-Range", $"bytes {ends[0]}-{last}/{bytes.Length}"));
    }

    public S3Answer Put(string key, byte[] bytes, IHeaderDictionary headers)
    {
        if (Refused(key, headers) is { } refusal)
            return refusal;
        var version = Store(key, bytes);
        return new S3Answer(200, [], ("ETag", version.Tag));
    }

    public S3Answer Delete(string key, string? versionId)
    {
        if (versionId is not null)
        {
            if (_objects.TryGetValue(key, out var versions) && versions.RemoveAll(v => v.Id == versionId) > 0 && versions.Count == 0)
                _objects.Remove(key);
        }
        else if (!Versioned)
        {
            _objects.Remove(key);
        }
        else if (_objects.TryGetValue(key, out var versions))
        {
            versions.Add(new Version($"v{++_made}", null));
        }

        return new S3Answer(204, []);
    }

    public S3Answer Begin(string key)
    {
        var id = $"upload-{++_made:D6}";
        _uploads[id] = (key, []);
        return Xml(new XElement(Ns + "InitiateMultipartUploadResult", new XElement(Ns + "Bucket", S3Server.BucketName), new XElement(Ns + "Key", key), new XElement(Ns + "UploadId", id)));
    }

    public S3Answer PutPart(string upload, int number, byte[] bytes)
    {
        if (!_uploads.TryGetValue(upload, out var begun))
            return Error(404, "NoSuchUpload");
        begun.Parts[number] = bytes;
        return new S3Answer(200, [], ("ETag", new Version("", bytes).Tag));
    }

    public S3Answer Complete(string key, string upload, XElement asked, IHeaderDictionary headers)
    {
        if (!_uploads.TryGetValue(upload, out var begun))
            return Error(404, "NoSuchUpload");
        var parts = asked.Elements().Where(e => e.Name.LocalName == "Part")
            .Select(e => (Number: int.Parse(e.Elements().Single(n => n.Name.LocalName == "PartNumber").Value, CultureInfo.InvariantCulture), Tag: e.Elements().Single(n => n.Name.LocalName == "ETag").Value)).ToList();
        if (parts.Any(p => !begun.Parts.TryGetValue(p.Number, out var bytes) || new Version("", bytes).Tag.Trim('"') != p.Tag.Trim('"')))
            return Error(400, "InvalidPart");
        if (!SmallParts && parts.SkipLast(1).Any(p => begun.Parts[p.Number].Length < LeastPart))
            return Error(400, "EntityTooSmall");
        if (Refused(key, headers) is { } refusal)
            return refusal;
        var whole = Md5([.. parts.SelectMany(p => Convert.FromHexString(Md5(begun.Parts[p.Number])))]);
        var version = Store(key, [.. parts.SelectMany(p => begun.Parts[p.Number])], $"\"{whole}-{parts.Count}\"");
        _uploads.Remove(upload);
        return Xml(new XElement(Ns + "CompleteMultipartUploadResult", new XElement(Ns + "Bucket", S3Server.BucketName), new XElement(Ns + "Key", key), new XElement(Ns + "ETag", version.Tag)));
    }

    public S3Answer Abort(string upload) => _uploads.Remove(upload) ? new S3Answer(204, []) : Error(404, "NoSuchUpload");

    public S3Answer List(IQueryCollection query)
    {
        var all = _objects.Keys.Where(key => key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal) && Current(key) is not null).ToList();
        var from = query["continuation-token"].ToString() is { Length: > 0 } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var more = all.Count > from + Page;
        return Xml(new XElement(
            Ns + "ListBucketResult",
            new XElement(Ns + "IsTruncated", more),
            more ? new XElement(Ns + "NextContinuationToken", from + Page) : null,
            all.Skip(from).Take(Page).Select(key => new XElement(Ns + "Contents", new XElement(Ns + "Key", key), new XElement(Ns + "Size", Current(key)!.Bytes!.Length)))));
    }

    public S3Answer ListVersions(IQueryCollection query)
    {
        var all = _objects.Where(o => o.Key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal)).SelectMany(o => o.Value.Select(v => (o.Key, v.Id, Deleted: v.Bytes is null))).ToList();
        var from = query["version-id-marker"].ToString() is { Length: > 0 } marker ? all.FindIndex(v => v.Id == marker && v.Key == query["key-marker"]) + 1 : 0;
        var page = all.Skip(from).Take(Page).ToList();
        var more = all.Count > from + Page;
        return Xml(new XElement(
            Ns + "ListVersionsResult",
            new XElement(Ns + "IsTruncated", more),
            more ? new[] { new XElement(Ns + "NextKeyMarker", page[^1].Key), new XElement(Ns + "NextVersionIdMarker", page[^1].Id) } : null,
            page.Select(v => new XElement(Ns + (v.Deleted ? "DeleteMarker" : "Version"), new XElement(Ns + "Key", v.Key), new XElement(Ns + "VersionId", v.Id)))));
    }

    public S3Answer ListUploads(IQueryCollection query) => Xml(new XElement(
        Ns + "ListMultipartUploadsResult",
        new XElement(Ns + "IsTruncated", false),
        _uploads.Where(u => u.Value.Key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal))
            .Select(u => new XElement(Ns + "Upload", new XElement(Ns + "Key", u.Value.Key), new XElement(Ns + "UploadId", u.Key)))));

#pragma warning disable CA5351 // it is what S3 calls a version by, and protects nothing
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351

    private Version? Current(string key) => _objects.TryGetValue(key, out var versions) && versions[^1].Bytes is not null ? versions[^1] : null;

    private S3Answer? Refused(string key, IHeaderDictionary headers)
    {
        if (HeedsNoConditions)
            return null;
        if (headers.IfNoneMatch == "*" && Current(key) is not null)
            return Error(412, "PreconditionFailed");
        if (headers.IfMatch.ToString() is not { Length: > 0 } tag)
            return null;
        return Current(key) is not { } there ? Error(404, "NoSuchKey") : tag.Trim('"') != there.Tag.Trim('"') ? Error(412, "PreconditionFailed") : null;
    }

    private Version Store(string key, byte[] bytes, string? tag = null)
    {
        var version = new Version(Versioned ? $"v{++_made}" : "null", bytes);
        if (tag is not null)
            version = version with { Tag = tag };
        if (Versioned && _objects.TryGetValue(key, out var versions))
            versions.Add(version);
        else
            _objects[key] = [version];
        return version;
    }
}
