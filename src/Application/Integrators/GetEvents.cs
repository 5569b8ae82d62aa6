using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Integrators;

/// <summary>The log from after a position, in order (ADM-3). Read on from <see cref="LogPage.Position"/>.</summary>
/// <param name="After">Where to begin.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record GetEvents(LogPosition After, int Limit) : IQuery<LogPage>
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

/// <summary>Reads the log.</summary>
public sealed class GetEventsHandler(IEventStore store) : IRequestHandler<GetEvents, Result<LogPage>>
{
    /// <inheritdoc/>
    public async Task<Result<LogPage>> Handle(GetEvents request, CancellationToken cancellationToken) =>
        await store.ReadLogAsync(request.After, request.Limit, cancellationToken);
}
