using ContactCenter.Api.Errors;
using ContactCenter.Api.Live;
using ContactCenter.Api.OpenApi;
using ContactCenter.Application.Messaging;

namespace ContactCenter.Api.Conventions;

/// <summary>An endpoint that takes <c>Idempotency-Key</c>; for the OpenAPI document.</summary>
public sealed record TakesIdempotencyKey;

/// <summary>An endpoint that takes or needs <c>If-Match</c>; for the OpenAPI document.</summary>
/// <param name="Required">Whether it refuses without one (428).</param>
public sealed record TakesVersion(bool Required);

/// <summary>An endpoint that changes nothing, whatever its method: what it refuses is no refused command.</summary>
public sealed record AsksOnly;

/// <summary>What an endpoint is, said once where it is mapped: its use case's name, its answers, its headers.</summary>
public static class EndpointConventions
{
    private static readonly int[] EveryRefusal =
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden,
        StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable,
    ];

    private static readonly int[] CommandRefusal =
        [StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity];

    /// <summary>Declares the refusals that every endpoint of a group can answer.</summary>
    public static RouteGroupBuilder RefusesAsProblem(this RouteGroupBuilder group) => group.WithProblems(EveryRefusal);

    /// <summary>A command that answers with a receipt.</summary>
    public static RouteHandlerBuilder Command(this RouteHandlerBuilder endpoint, string useCase) =>
        endpoint.Command<Receipt>(useCase, StatusCodes.Status200OK);

    /// <summary>A command that makes something and answers with its receipt and place.</summary>
    public static RouteHandlerBuilder Creation(this RouteHandlerBuilder endpoint, string useCase) =>
        endpoint.Command<Receipt>(useCase, StatusCodes.Status201Created);

    /// <summary>A command with an answer of its own.</summary>
    public static RouteHandlerBuilder Command<T>(this RouteHandlerBuilder endpoint, string useCase, int status) =>
        endpoint.WithName(useCase).Produces<T>(status).WithProblems(CommandRefusal).WithMetadata(new TakesIdempotencyKey());

    /// <summary>A query.</summary>
    public static RouteHandlerBuilder Query<T>(this RouteHandlerBuilder endpoint, string useCase) =>
        endpoint.WithName(useCase).Produces<T>().WithMetadata(new AsksOnly());

    /// <summary>A query that <c>Accept: text/event-stream</c> turns into a live stream.</summary>
    public static RouteHandlerBuilder Watchable<T>(this RouteHandlerBuilder endpoint, string useCase) =>
        endpoint.WithName(useCase).Produces<T>(StatusCodes.Status200OK, "application/json", EventStreamResult.ContentType);

    /// <summary>A live stream and nothing else.</summary>
    public static RouteHandlerBuilder Live(this RouteHandlerBuilder endpoint, string name) =>
        endpoint.WithName(name).Produces<string>(StatusCodes.Status200OK, EventStreamResult.ContentType);

    /// <summary>Which use cases it sends, where its name does not say so.</summary>
    public static RouteHandlerBuilder Sends(this RouteHandlerBuilder endpoint, params IReadOnlyList<IGuarded> examples) => endpoint.WithMetadata(new Sends(examples));

    /// <summary>The version looked at must come with it.</summary>
    public static RouteHandlerBuilder NeedsVersion(this RouteHandlerBuilder endpoint) => endpoint
        .WithProblems(StatusCodes.Status412PreconditionFailed, StatusCodes.Status428PreconditionRequired)
        .WithMetadata(new TakesVersion(Required: true));

    private static T WithProblems<T>(this T builder, params int[] statuses)
        where T : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [Problem.ContentType]));
        return builder;
    }
}
