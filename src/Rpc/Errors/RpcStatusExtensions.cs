using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Google.Rpc
{
    /// <summary>Throws and reads <c>google.rpc.Status</c>. Mirrors <c>Google.Rpc.RpcStatusExtensions</c> of Grpc.StatusProto.</summary>
    public static class RpcStatusExtensions
    {
        internal const string DetailsKey = "grpc-status-details-bin";

        /// <summary>An exception carrying the status; the client reads it with <c>GetRpcStatus</c>.</summary>
        public static RpcException ToRpcException(this Status status) =>
            new(new Grpc.Core.Status((StatusCode)status.Code, status.Message), new Metadata { { DetailsKey, status.ToByteArray() } });

        /// <summary>The first detail of that type, or null.</summary>
        public static T? GetDetail<T>(this Status status) where T : class, IMessage<T>, new()
        {
            var descriptor = new T().Descriptor;
            return status.Details.FirstOrDefault(detail => detail.Is(descriptor)) is { } any ? any.Unpack<T>() : null;
        }

        /// <summary>Adds a detail, and gives the status back.</summary>
        public static Status WithDetail(this Status status, IMessage detail)
        {
            status.Details.Add(Any.Pack(detail));
            return status;
        }
    }
}

namespace Grpc.Core
{
    /// <summary>Reads error details. Mirrors <c>Grpc.Core.RpcExceptionExtensions</c> of Grpc.StatusProto.</summary>
    public static class RpcExceptionExtensions
    {
        /// <summary>The <c>google.rpc.Status</c> that came with the exception, or null if none did, or none that can be read.</summary>
        public static Google.Rpc.Status? GetRpcStatus(this RpcException exception)
        {
            if (exception.Trailers.GetValueBytes(Google.Rpc.RpcStatusExtensions.DetailsKey) is not { } bytes)
                return null;
            try
            {
                return Google.Rpc.Status.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                return null;
            }
        }
    }
}
