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

/// <summary>
/// Where a feed of the log begins: after a position, or at the log's beginning where the log has not come to it. A log
/// that was restored from an older backup must not leave out what it takes in until it gets there.
/// </summary>
public sealed class FeedStart(ILiveFeed feed, TimeProvider time)
{
    // Another node may have told a subscriber more than this one has heard of; but not much more.
    private static readonly TimeSpan OtherNodesLead = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    /// <summary>The position to begin after.</summary>
    public async Task<LogPosition> OfAsync(LogPosition after, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (feed.Position < after)
        {
            if (time.GetElapsedTime(since) > OtherNodesLead)
                return LogPosition.Start;
            await Task.Delay(Pace, time, cancellationToken);
        }

        return after;
    }
}

/// <summary>Reads the log.</summary>
public sealed class GetEventsHandler(IEventStore store, Authorizer authorizer, CurrentCall call) : IRequestHandler<GetEvents, Result<ReadableLog>>
{
    /// <inheritdoc/>
    public async Task<Result<ReadableLog>> Handle(GetEvents request, CancellationToken cancellationToken) => new ReadableLog(
        await store.ReadLogAsync(request.After, request.Limit, cancellationToken),
        await authorizer.RefusalAsync(call.Context.Caller, SessionReaders.Everywhere, cancellationToken) is null);
}
