using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Integrators;

/// <summary>The log from after a position, in order (ADM-3). Read on from its position.</summary>
/// <param name="After">Where to begin.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record GetEvents(LogPosition After, int Limit) : IQuery<ReadableLog>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.EventsRead, Target.Everything);
}

/// <summary>The shape of <see cref="GetEvents"/>.</summary>
public sealed class GetEventsValidator : AbstractValidator<GetEvents>
{
    /// <summary>Its rules.</summary>
    public GetEventsValidator()
    {
        RuleFor(r => r.Limit).InclusiveBetween(1, 1000);
    }
}

/// <summary>A page of the log for a caller.</summary>
/// <param name="Page">The page.</param>
/// <param name="WithText">False to show it, and what follows it, masked: see <see cref="SessionReaders.Everywhere"/>.</param>
public sealed record ReadableLog(LogPage Page, bool WithText);

/// <summary>Reads the log.</summary>
public sealed class GetEventsHandler(IEventStore store, Authorizer authorizer, CurrentCall call) : IRequestHandler<GetEvents, Result<ReadableLog>>
{
    /// <inheritdoc/>
    public async Task<Result<ReadableLog>> Handle(GetEvents request, CancellationToken cancellationToken) => new ReadableLog(
        await store.ReadLogAsync(request.After, request.Limit, cancellationToken),
        await authorizer.RefusalAsync(call.Context.Caller, SessionReaders.Everywhere, cancellationToken) is null);
}
