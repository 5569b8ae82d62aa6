using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ContactCenter.Infrastructure.Recordings.S3;

/// <summary>
/// What is needed of an S3-compatible server, with its failures told as the storage port tells them: <see cref="IOException"/>
/// for whatever may work later, <see cref="FileNotFoundException"/> for what is not there.
/// </summary>
internal sealed class Bucket : IDisposable
{
    private const string Anything = "*";
    private readonly BucketPlace _place;
    private readonly AmazonS3Client _client;

    public Bucket(BucketPlace place)
    {
        _place = place;
        var how = new AmazonS3Config
        {
            // Bodies are signed whole; what an SDK adds by itself many a compatible server does not know.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = place.Patience,
            MaxErrorRetry = place.Retries,
            RetryMode = RequestRetryMode.Standard,
        };
        if (place.Endpoint is { } endpoint)
            (how.ServiceURL, how.AuthenticationRegion, how.ForcePathStyle) = (endpoint.AbsoluteUri, place.Location, true);
        else
            how.RegionEndpoint = RegionEndpoint.GetBySystemName(place.Location);
        _client = place is { AccessKey: { } id, SecretKey: { } secret }
            ? new AmazonS3Client(new BasicAWSCredentials(id, secret), how)
            : new AmazonS3Client(how);
    }

    /// <summary>Where the server says that the bucket lies.</summary>
    public async Task<string> LocationAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(() => _client.GetBucketLocationAsync(new GetBucketLocationRequest { BucketName = _place.Bucket }, cancellationToken), cancellationToken);
        // The oldest place has no name, and the next has an old one.
        return answer.Location?.Value switch
        {
            null or "" => "us-east-1",
            "EU" => "eu-west-1",
            var name => name,
        };
    }

    /// <summary>A small object and its version's tag; null if there is none.</summary>
    public async Task<(byte[] Bytes, string Tag)?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(
                async () =>
                {
                    using var answer = await _client.GetObjectAsync(new GetObjectRequest { BucketName = _place.Bucket, Key = key }, cancellationToken);
                    using var bytes = new MemoryStream();
                    await answer.ResponseStream.CopyToAsync(bytes, cancellationToken);
                    return (bytes.ToArray(), answer.ETag);
                },
                cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The length and tag of an object; null if there is none.</summary>
    public async Task<(long Length, string Tag)?> LookAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(
                () => _client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _place.Bucket, Key = key }, cancellationToken), cancellationToken);
            return (answer.ContentLength, answer.ETag);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Fills a buffer from a place in an object on; fewer only at the end.</summary>
    /// <exception cref="IOException">It is another object by now.</exception>
    public Task<int> ReadRangeAsync(string key, string tag, long at, Memory<byte> into, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            var request = new GetObjectRequest
            {
                BucketName = _place.Bucket,
                Key = key,
                EtagToMatch = tag,
                ByteRange = new ByteRange(at, at + into.Length - 1),
            };
            using var answer = await _client.GetObjectAsync(request, cancellationToken);
            return await answer.ResponseStream.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, cancellationToken);
        },
        cancellationToken);

    /// <summary>Puts a small object where none is; false if one is there.</summary>
    public Task<bool> CreateAsync(string key, byte[] bytes, CancellationToken cancellationToken) =>
        PutAsync(new PutObjectRequest { Key = key, InputStream = new MemoryStream(bytes), IfNoneMatch = Anything }, cancellationToken);

    /// <summary>Puts a small object in place of the one looked at; false if that is changed or gone.</summary>
    public Task<bool> ReplaceAsync(string key, byte[] bytes, string tag, CancellationToken cancellationToken) =>
        PutAsync(new PutObjectRequest { Key = key, InputStream = new MemoryStream(bytes), IfMatch = tag }, cancellationToken);

    /// <summary>Puts a file where no object is, in parts if it is large; false if one is there. It is there whole or not at all.</summary>
    public async Task<bool> CreateFromAsync(string key, string file, CancellationToken cancellationToken)
    {
        var length = new FileInfo(file).Length;
        if (length <= _place.PartBytes)
            return await PutAsync(new PutObjectRequest { Key = key, FilePath = file, IfNoneMatch = Anything }, cancellationToken);

        var begun = await AskAsync(
            () => _client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = _place.Bucket, Key = key }, cancellationToken), cancellationToken);
        try
        {
            var parts = await SendPartsAsync(begun.UploadId, key, file, length, cancellationToken);
            var complete = new CompleteMultipartUploadRequest
            {
                BucketName = _place.Bucket,
                Key = key,
                UploadId = begun.UploadId,
                PartETags = parts,
                IfNoneMatch = Anything,
            };
            if (await TryAsync(() => _client.CompleteMultipartUploadAsync(complete, cancellationToken), cancellationToken))
                return true;
            await AbortQuietlyAsync(key, begun.UploadId);
            return false;
        }
        catch (FileNotFoundException e)
        {
            throw new IOException("The upload was ended by somebody else.", e);
        }
        catch
        {
            await AbortQuietlyAsync(key, begun.UploadId);
            throw;
        }
    }

    /// <summary>The keys under a prefix, in order.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = _place.Bucket, Prefix = prefix };
        do
        {
            var page = await AskAsync(() => _client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            keys.AddRange((page.S3Objects ?? []).Select(found => found.Key));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
        return keys;
    }

    /// <summary>True if anything is under a prefix: an object, an older version of one, or an upload that was begun.</summary>
    public async Task<bool> HoldsAsync(string prefix, CancellationToken cancellationToken) =>
        (await VersionsAsync(prefix, cancellationToken)).Count > 0 || (await UploadsAsync(prefix, cancellationToken)).Count > 0;

    /// <summary>Deletes everything under a prefix, with older versions and uploads that were begun.</summary>
    public async Task DestroyAsync(string prefix, CancellationToken cancellationToken)
    {
        foreach (var upload in await UploadsAsync(prefix, cancellationToken))
        {
            var abort = new AbortMultipartUploadRequest { BucketName = _place.Bucket, Key = upload.Key, UploadId = upload.UploadId };
            await GoneAsync(() => _client.AbortMultipartUploadAsync(abort, cancellationToken), cancellationToken);
        }

        foreach (var version in await VersionsAsync(prefix, cancellationToken))
        {
            var delete = new DeleteObjectRequest { BucketName = _place.Bucket, Key = version.Key, VersionId = version.VersionId };
            await GoneAsync(() => _client.DeleteObjectAsync(delete, cancellationToken), cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<List<PartETag>> SendPartsAsync(string upload, string key, string file, long length, CancellationToken cancellationToken)
    {
        var parts = new List<PartETag>();
        for (long at = 0; at < length; at += _place.PartBytes)
        {
            var part = new UploadPartRequest
            {
                BucketName = _place.Bucket,
                Key = key,
                UploadId = upload,
                PartNumber = parts.Count + 1,
                FilePath = file,
                FilePosition = at,
                PartSize = Math.Min(_place.PartBytes, length - at),
                UseChunkEncoding = false,
            };
            var answer = await AskAsync(() => _client.UploadPartAsync(part, cancellationToken), cancellationToken);
            parts.Add(new PartETag { PartNumber = part.PartNumber, ETag = answer.ETag });
        }

        return parts;
    }

    private Task<bool> PutAsync(PutObjectRequest request, CancellationToken cancellationToken)
    {
        request.BucketName = _place.Bucket;
        request.UseChunkEncoding = false;
        request.ContentType = "application/octet-stream";
        return TryAsync(() => _client.PutObjectAsync(request, cancellationToken), cancellationToken);
    }

    // What is left of it is found and aborted by a purge.
    private async Task AbortQuietlyAsync(string key, string upload)
    {
        try
        {
            using var patience = new CancellationTokenSource(_place.Patience);
            await _client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = _place.Bucket, Key = key, UploadId = upload }, patience.Token);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException)
        {
        }
    }

    private async Task<IReadOnlyList<S3ObjectVersion>> VersionsAsync(string prefix, CancellationToken cancellationToken)
    {
        var versions = new List<S3ObjectVersion>();
        var request = new ListVersionsRequest { BucketName = _place.Bucket, Prefix = prefix };
        while (true)
        {
            var page = await AskAsync(() => _client.ListVersionsAsync(request, cancellationToken), cancellationToken);
            versions.AddRange(page.Versions ?? []);
            if (page.IsTruncated != true)
                return versions;
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
        }
    }

    private async Task<IReadOnlyList<MultipartUpload>> UploadsAsync(string prefix, CancellationToken cancellationToken)
    {
        var uploads = new List<MultipartUpload>();
        var request = new ListMultipartUploadsRequest { BucketName = _place.Bucket, Prefix = prefix };
        while (true)
        {
            var page = await AskAsync(() => _client.ListMultipartUploadsAsync(request, cancellationToken), cancellationToken);
            uploads.AddRange(page.MultipartUploads ?? []);
            if (page.IsTruncated != true)
                return uploads;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    private static async Task GoneAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(ask, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            // Somebody else was quicker.
        }
    }

    /// <summary>False if the server says that its condition does not hold, or that what it is about is gone.</summary>
    private static async Task<bool> TryAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(ask, cancellationToken);
            return true;
        }
        catch (IOException e) when (e is FileNotFoundException || e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed })
        {
            return false;
        }
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            throw new FileNotFoundException("There is no such object.", e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && e is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException or OperationCanceledException)
        {
            throw new IOException($"The bucket cannot be used: {(e as AmazonServiceException)?.ErrorCode ?? e.GetType().Name}.", e);
        }
    }
}
