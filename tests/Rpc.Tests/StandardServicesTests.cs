using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ContactCenter.Rpc.Tests.Protos;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ContactCenter.Rpc.Tests;

/// <summary>Health, reflection and TLS.</summary>
public sealed class StandardServicesTests
{
    [Fact]
    public async Task Health_is_checked_and_watched()
    {
        await using var server = await RpcServer.StartAsync();
        var status = server.App.Services.GetRequiredService<IHealthStatus>();
        var client = new Health.HealthClient(server.Channel());
        (await client.CheckAsync(new HealthCheckRequest())).Status.ShouldBe(ServingStatus.Serving);
        var e = await Should.ThrowAsync<RpcException>(async () => await client.CheckAsync(new HealthCheckRequest { Service = "log" }));
        e.StatusCode.ShouldBe(StatusCode.NotFound);

        using var watch = client.Watch(new HealthCheckRequest { Service = "log" });
        (await Next()).ShouldBe(ServingStatus.ServiceUnknown);
        status.Set("other", ServingStatus.NotServing);
        status.Set("log", ServingStatus.Serving);
        (await Next()).ShouldBe(ServingStatus.Serving);
        (await client.CheckAsync(new HealthCheckRequest { Service = "log" })).Status.ShouldBe(ServingStatus.Serving);
        status.Set("log", ServingStatus.NotServing);
        (await Next()).ShouldBe(ServingStatus.NotServing);
        status.Clear("log");
        (await Next()).ShouldBe(ServingStatus.ServiceUnknown);

        async Task<ServingStatus> Next()
        {
            (await watch.ResponseStream.MoveNext()).ShouldBeTrue();
            return watch.ResponseStream.Current.Status;
        }
    }

    [Fact]
    public async Task Reflection_gives_services_files_and_symbols_with_all_they_import()
    {
        await using var server = await RpcServer.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(server.Channel()).ServerReflectionInfo();

        var services = await Ask(new ServerReflectionRequest { ListServices = "" });
        services.ListServicesResponse.Service.Select(service => service.Name).ShouldBe([
            "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "rpc.test.v1.Echo",
        ]);
        foreach (var symbol in new[] { "rpc.test.v1.Echo", "rpc.test.v1.Echo.Say", "rpc.test.v1.EchoRequest", "rpc.test.v1.EchoRequest.text", "rpc.test.v1.Then" })
            Files(await Ask(new ServerReflectionRequest { FileContainingSymbol = symbol })).ShouldBe(["echo.proto", "note.proto"]);
        Files(await Ask(new ServerReflectionRequest { FileContainingSymbol = "rpc.test.v1.Note" })).ShouldBe(["note.proto"]);
        Files(await Ask(new ServerReflectionRequest { FileByFilename = "note.proto" })).ShouldBe(["note.proto"]);
        (await Ask(new ServerReflectionRequest { AllExtensionNumbersOfType = "rpc.test.v1.Note" }))
            .AllExtensionNumbersResponse.ExtensionNumber.ShouldBeEmpty();
        (await Ask(new ServerReflectionRequest { FileContainingSymbol = "no.such.Thing" })).ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);
        (await Ask(new ServerReflectionRequest { FileByFilename = "no.proto" })).ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);
        var extension = new ExtensionRequest { ContainingType = "rpc.test.v1.Note", ExtensionNumber = 7 };
        (await Ask(new ServerReflectionRequest { FileContainingExtension = extension })).ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);

        async Task<ServerReflectionResponse> Ask(ServerReflectionRequest request)
        {
            await call.RequestStream.WriteAsync(request);
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            call.ResponseStream.Current.OriginalRequest.ShouldBe(request);
            return call.ResponseStream.Current;
        }

        static IEnumerable<string> Files(ServerReflectionResponse response) =>
            response.FileDescriptorResponse.FileDescriptorProto.Select(file => FileDescriptorProto.Parser.ParseFrom(file).Name);
    }

    [Fact]
    public async Task Calls_pass_over_TLS()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using var server = await RpcServer.StartAsync(listen: endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1AndHttp2;
            endpoint.UseHttps(certificate);
        });
        server.Address.ShouldStartWith("https://");
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString();
        (await server.Client(new GrpcChannelOptions { HttpHandler = handler }).SayAsync(new EchoRequest { Text = "sealed" })).Text.ShouldBe("sealed");
    }
}
