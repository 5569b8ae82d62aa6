using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Media;

/// <summary>Where a party is called, and what simulated media have the line say.</summary>
/// <param name="Number">E.164; forgotten if there is none any more.</param>
/// <param name="Voice">Simulated media only.</param>
public readonly record struct PartyLine(PersonalText Number, string? Voice);

/// <summary>
/// The numbers of those who are called, looked up each time and in no message: once its consumer is forgotten nobody has one.
/// </summary>
/// <param name="bookings">Of booked calls.</param>
/// <param name="reader">Of agents.</param>
/// <param name="store">Of those outside.</param>
public sealed class PartyNumbers(ScheduledCallNumbers bookings, AggregateReader reader, IEventStore store)
{
    /// <summary>The line of a leg that is to be placed, or null: the party is not called.</summary>
    public async Task<PartyLine?> FindAsync(PlaceLeg leg, CancellationToken cancellationToken) => leg switch
    {
        { ScheduledCallId: { } booked } => new PartyLine(await bookings.FindAsync(booked, cancellationToken), leg.Voice),
        { ForwardedAgentId: { } agentId } => await OfAgentAsync(agentId, cancellationToken),
        { Party: Party.Outside } => new PartyLine(await OutsideAsync(leg.SessionId, leg.LegId, cancellationToken), leg.Voice),
        _ => null,
    };

    // Who takes calls in the browser again by now is not there.
    private async Task<PartyLine> OfAgentAsync(Guid agentId, CancellationToken cancellationToken) =>
        (await reader.LoadFreshAsync(Aggregates.Agent, agentId, cancellationToken)).State.Forwarding is { } forwarding
            ? new PartyLine(forwarding.PhoneNumber, forwarding.Voice)
            : new PartyLine(PersonalText.Forgotten, Voice: null);

    private async Task<PersonalText> OutsideAsync(Guid sessionId, Guid legId, CancellationToken cancellationToken)
    {
        await foreach (var stored in store.ReadOnAsync(Aggregates.Session.Stream(sessionId), 0, cancellationToken))
        {
            if (stored.Data is TransferredOutside transferred && transferred.PartyId == legId)
                return transferred.PhoneNumber;
            if (stored.Data is ConsultationStarted { PhoneNumber: { } number } asked && asked.ConsultationId == legId)
                return number;
        }

        return PersonalText.Forgotten;
    }
}
