using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Alpha = Grpc.Reflection.V1Alpha;

namespace Grpc.AspNetCore.Server.Reflection
{
    /// <summary>Answers reflection requests from the descriptors of every mapped service.</summary>
    internal sealed class ReflectionAnswers(EndpointDataSource endpoints)
    {
        private readonly Lazy<DescriptorIndex> _index = new(() => new DescriptorIndex(endpoints.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
            .OfType<Type>()
            .Distinct()
            .Select(DescriptorOf)
            .OfType<ServiceDescriptor>()));

        public ServerReflectionResponse Answer(ServerReflectionRequest request)
        {
            var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
            var index = _index.Value;
            switch (request.MessageRequestCase)
            {
                case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                    response.ListServicesResponse = new ListServiceResponse();
                    response.ListServicesResponse.Service.Add(index.Services.Select(name => new ServiceResponse { Name = name }));
                    break;
                case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                    AnswerFiles(response, index.ByName(request.FileByFilename));
                    break;
                case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                    AnswerFiles(response, index.BySymbol(request.FileContainingSymbol));
                    break;
                case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                    var extension = request.FileContainingExtension;
                    AnswerFiles(response, index.ByExtension(extension.ContainingType, extension.ExtensionNumber));
                    break;
                case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                    AnswerExtensions(response, request.AllExtensionNumbersOfType, index);
                    break;
                default:
                    response.ErrorResponse = Error(StatusCode.Unimplemented, "The request asks for nothing this server knows.");
                    break;
            }
            return response;
        }

        private static ServiceDescriptor? DescriptorOf(Type serviceType) =>
            serviceType.GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)?.BindType
                .GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor;

        private static void AnswerFiles(ServerReflectionResponse response, IReadOnlyList<Google.Protobuf.ByteString>? files)
        {
            if (files is null)
            {
                response.ErrorResponse = Error(StatusCode.NotFound, "Not found.");
                return;
            }
            response.FileDescriptorResponse = new FileDescriptorResponse();
            response.FileDescriptorResponse.FileDescriptorProto.Add(files);
        }

        private static void AnswerExtensions(ServerReflectionResponse response, string type, DescriptorIndex index)
        {
            if (index.ExtensionsOf(type) is not { } numbers)
            {
                response.ErrorResponse = Error(StatusCode.NotFound, "Not found.");
                return;
            }
            response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = type };
            response.AllExtensionNumbersResponse.ExtensionNumber.Add(numbers);
        }

        private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };
    }

    /// <summary>Answers <c>grpc.reflection.v1.ServerReflection</c>.</summary>
    internal sealed class ReflectionService(ReflectionAnswers answers) : ServerReflection.ServerReflectionBase
    {
        public override async Task ServerReflectionInfo(
            IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream,
            ServerCallContext context)
        {
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(answers.Answer(request));
        }
    }

    /// <summary>Answers <c>grpc.reflection.v1alpha.ServerReflection</c>, whose messages are v1's, byte for byte, under older names.</summary>
    internal sealed class ReflectionAlphaService(ReflectionAnswers answers) : Alpha.ServerReflection.ServerReflectionBase
    {
        public override async Task ServerReflectionInfo(
            IAsyncStreamReader<Alpha.ServerReflectionRequest> requestStream, IServerStreamWriter<Alpha.ServerReflectionResponse> responseStream,
            ServerCallContext context)
        {
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            {
                var answer = answers.Answer(ServerReflectionRequest.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteString(request)));
                await responseStream.WriteAsync(Alpha.ServerReflectionResponse.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteString(answer)));
            }
        }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Mirrors <c>GrpcReflectionServiceExtensions</c>.</summary>
    public static class GrpcReflectionServiceExtensions
    {
        /// <summary>Lets clients ask for the proto files of the mapped services.</summary>
        public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
        {
            services.AddGrpc();
            services.TryAddSingleton<ReflectionAnswers>();
            services.TryAddSingleton<ReflectionService>();
            services.TryAddSingleton<ReflectionAlphaService>();
            return services;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Mirrors <c>GrpcReflectionEndpointRouteBuilderExtensions</c>.</summary>
    public static class GrpcReflectionEndpointRouteBuilderExtensions
    {
        /// <summary>Serves reflection, v1 and v1alpha.</summary>
        public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder) =>
            new GrpcServiceEndpointConventionBuilder([builder.MapGrpcService<ReflectionService>(), builder.MapGrpcService<ReflectionAlphaService>()]);
    }
}
