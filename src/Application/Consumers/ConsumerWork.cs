using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Hours;

namespace ContactCenter.Application.Consumers;

/// <summary>
/// Tells consumers apart (CON-1, CON-2). Who comes for the first time claims their identity in the same write as what
/// they came for; of two who claim it at once one wins, and the other tries again and finds the consumer.
/// </summary>
public sealed class ConsumerWork(UnitOfWork work, CurrentCall call, IIdentityHasher hasher, ICenterConfiguration configuration)
{
    /// <summary>The consumer behind an identity, new or known, or why there is none.</summary>
    public async Task<(Guid ConsumerId, DomainError? Refusal)> IdentifyAsync(ConsumerRef who, CancellationToken cancellationToken)
    {
        var hash = hasher.Hash(PurposeOf(who.Kind), who.Identity);
        var identity = await work.LoadAsync(Aggregates.Identity, hash, cancellationToken);
        if (identity.State.IsTaken)
            return (identity.State.OwnerId, null);

        var consumer = await work.LoadAsync(Aggregates.Consumer, call.NewId(), cancellationToken);
        var consumerId = consumer.Stream.Id;
        // What this node knows is enough for a name.
        var center = await configuration.AtLeastAsync(revision: 0, cancellationToken);
        var localNow = HoursZones.Local(center.Settings.Center.TimeZone, call.Now);
        var identified = ConsumerDecider.Identify(consumer.State, consumerId, who.Kind, who.Identity, who.Name, localNow, call.Now);
        if (work.Append(Aggregates.Consumer, consumer, identified) is { } refusal)
            return (Guid.Empty, refusal);
        work.Append(Aggregates.Identity, identity, new IdentityClaimed(hash, consumerId, call.Now));
        return (consumerId, null);
    }

    private static string PurposeOf(IdentityKind kind) => kind switch
    {
        IdentityKind.Visitor => "visitor",
        IdentityKind.MobileSdk => "mobile_sdk",
        IdentityKind.EndUser => "end_user",
        IdentityKind.Phone => "phone",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of identity."),
    };
}
