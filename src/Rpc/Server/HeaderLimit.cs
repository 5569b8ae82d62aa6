using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// How large the headers of a request may be: 32 KiB. Kestrel is set to take more, so that a call with too much metadata is refused
/// alone, and not with all others of its connection; what serves other requests on the same server holds them to it as well.
/// Not in Grpc.AspNetCore.
/// </summary>
public static class HeaderLimit
{
    private const int MaxBytes = 32 * 1024;

    /// <summary>HTTP/2 counts so many for each header beside its name and value (RFC 9113, 6.5.2).</summary>
    private const int Overhead = 32;

    /// <summary>Whether a request keeps to it.</summary>
    public static bool IsKept(HttpRequest request)
    {
        var bytes = 0L;
        foreach (var (name, values) in request.Headers)
        {
            foreach (var value in values)
                bytes += name.Length + (value?.Length ?? 0) + Overhead;
        }

        return bytes <= MaxBytes;
    }
}
