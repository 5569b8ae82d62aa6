using System.Text.Json.Nodes;
using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ContactCenter.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c> and its page at <c>/docs</c>.</summary>
public static class ApiDocument
{
    /// <summary>Where it is.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>Where its page is, with what belongs to it.</summary>
    public const string Page = "/docs";

    private const string Bearer = "bearer";
    private const string Signed = "signed";

    /// <summary>Registers it.</summary>
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(DescribeOperation);
        options.AddSchemaTransformer(DescribeSchema);
    });

    /// <summary>Maps document and page; both are open, for they tell nothing but the contract.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Page[1..];
            page.SwaggerEndpoint(Path, "Contact center");
            page.DocumentTitle = "Contact center API";
        });
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Contact center",
            Version = "v1",
            Description = "Errors are RFC 9457 problems with a stable code. Lists are pages: items and nextCursor. "
                + "Each operation names the permissions that open it (x-permissions: any one of them), and what they must reach. Instants carry their zone. "
                + "Creates and actions take Idempotency-Key. What is marked text/event-stream is live with that Accept header; a stream that ends because the caller may "
                + "not see more says so in a last event: ended, with a reason and a code.",
        };
        // The address depends on where it is installed.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                Description = "A token of POST /v1/auth/token, a session token, or an API key (cc_…).",
            },
            [Signed] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = SignedRequests.Scheme,
                Description = "key={id},timestamp={Unix seconds},nonce={16 to 64 of A-Z a-z 0-9 - _},signature={base64url}: HMAC-SHA-256 with the key's signing "
                    + "secret over method, path with query, timestamp, nonce and the lower-case hexadecimal SHA-256 of the body, joined by line feeds.",
            },
        };
        return Task.CompletedTask;
    }

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var scheme = AccessWords.Of(metadata).Any(r => r is CrmKeyRequirement) ? Signed : Bearer;
        if (!metadata.OfType<IAllowAnonymous>().Any())
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] }];
        if (metadata.OfType<TakesIdempotencyKey>().Any())
            Header(operation, "Idempotency-Key", required: false, "1 to 255 visible ASCII characters: the same key and body give the same answer.");
        if (metadata.OfType<TakesVersion>().LastOrDefault() is { } version)
            Header(operation, "If-Match", version.Required, "The ETag of the version looked at.");
        foreach (var schema in (operation.Parameters ?? []).Where(p => p.Name == "asOf").Select(p => p.Schema).OfType<OpenApiSchema>())
            schema.Format = "date-time";
        DescribeAccess(operation, metadata);
        return Task.CompletedTask;
    }

    private static void DescribeAccess(OpenApiOperation operation, IList<object> metadata)
    {
        var required = AccessWords.Of(metadata).Where(r => r is not NoRequirement).Distinct().ToList();
        if (required.Count == 0)
            return;
        var permissions = new JsonArray([.. AccessWords.PermissionsIn(required).Select(p => JsonValue.Create(p))]);
        operation.AddExtension("x-permissions", new JsonNodeExtension(permissions));
        var needs = $"Needs {string.Join("; or ", required.Select(AccessWords.Text).Distinct(StringComparer.Ordinal))}.";
        operation.Description = string.IsNullOrEmpty(operation.Description) ? needs : $"{operation.Description} {needs}";
    }

    private static void Header(OpenApiOperation operation, string name, bool required, string description) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Required = required,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });

    private static void Plain(OpenApiSchema schema, string? format)
    {
        schema.Type = JsonSchemaType.String;
        schema.Format = format;
        schema.Properties = null;
        schema.Required = null;
        schema.AdditionalPropertiesAllowed = true;
    }

    private static Task DescribeSchema(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(LogPosition) || type == typeof(StreamId) || type == typeof(PersonalText))
        {
            schema.Type = type == typeof(PersonalText) ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
            schema.Properties = null;
            schema.Required = null;
        }
        else if (Words.EnumIn(type) is { } words && type != words)
        {
            Plain(schema, format: null);
            schema.Enum = [.. Words.Of(words).Select(word => (JsonNode)JsonValue.Create(word))];
        }
        else if (type == typeof(DateTimeOffset) || type == typeof(Instant))
        {
            Plain(schema, "date-time");
        }
        else if (type == typeof(DateTimeOffset?))
        {
            Plain(schema, "date-time");
            schema.Type |= JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }
}
