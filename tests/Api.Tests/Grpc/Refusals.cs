using Google.Rpc;
using Grpc.Core;

namespace ContactCenter.Api.Tests.Grpc;

/// <summary>Reads the details of a refusal.</summary>
internal static class Refusals
{
    /// <summary>The stable code of a refusal.</summary>
    public static string? ReasonOf(this RpcException refusal) => refusal.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;

    /// <summary>The fields that a refusal names.</summary>
    public static IReadOnlyList<string> FieldsOf(this RpcException refusal) =>
        [.. refusal.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations.Select(v => v.Field) ?? []];

    /// <summary>Reads a stream to its end; the refusal that ends it.</summary>
    public static async Task<RpcException> RefusalAsync<T>(this AsyncServerStreamingCall<T> call)
    {
        using (call)
            return await Should.ThrowAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None));
    }
}
