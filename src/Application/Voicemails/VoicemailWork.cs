using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Voicemails;

/// <summary>What several use cases do to a voicemail, so that one write holds all of it.</summary>
public sealed class VoicemailWork(UnitOfWork work, CurrentCall call, ConfigurationWork configuration, IEventStore log)
{
    /// <summary>A session that turned to leaving a message has its voicemail in the same write; any other is left alone.</summary>
    /// <param name="session">The session, as it will be.</param>
    /// <param name="chosen">The queue chosen.</param>
    /// <param name="number">The number they call from, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<DomainError?> StartAsync(Session session, Queue chosen, string? number, CancellationToken cancellationToken)
    {
        if (session.Status != SessionStatus.LeavingMessage)
            return null;
        var center = await configuration.ReadAsync(cancellationToken);
        var voicemail = await LoadAsync(session.Id, cancellationToken);
        var words = WordsFor(session, center.Settings);
        return work.Append(Aggregates.Voicemail, voicemail, VoicemailDecider.Start(voicemail.State, session, chosen, words, number, call.Now));
    }

    /// <summary>
    /// The number that a consumer who came before is known by, or null. Read from the log, so that nobody has it once they
    /// are forgotten.
    /// </summary>
    public async ValueTask<string?> NumberOfAsync(Guid consumerId, CancellationToken cancellationToken) =>
        await log.ReadStreamAsync(Aggregates.Consumer.Stream(consumerId), 0, 1, cancellationToken) is [{ Data: ConsumerIdentified { Kind: IdentityKind.Phone } known }]
            ? known.Identity.Value
            : null;

    /// <summary>The keys that came so far in answer to the question that is open.</summary>
    public async ValueTask<string> KeysBeforeAsync(Voicemail voicemail, CancellationToken cancellationToken) =>
        voicemail.KeyPresses == 0 ? string.Empty : (await VoicemailText.ReadAsync(log, voicemail.Id, cancellationToken)).Keys;

    /// <summary>The voicemail of a session; the initial state if it has none.</summary>
    public ValueTask<Versioned<Voicemail>> LoadAsync(Guid voicemailId, CancellationToken cancellationToken) =>
        work.LoadAsync(Aggregates.Voicemail, voicemailId, cancellationToken);

    /// <summary>Adds what was decided, and what it means to the box of the queue.</summary>
    public async ValueTask<DomainError?> AppendAsync(
        Versioned<Voicemail> voicemail, Decision<VoicemailEvent> decided, CancellationToken cancellationToken)
    {
        if (work.Append(Aggregates.Voicemail, voicemail, decided) is { } refusal)
            return refusal;
        var after = work.After(voicemail);
        var told = VoicemailBox.Of(after, decided.Events);
        if (told.Count > 0)
            work.Append(Aggregates.VoicemailBox, await work.LoadAsync(Aggregates.VoicemailBox, after.QueueId, cancellationToken), told);
        return null;
    }

    private static VoicemailWords WordsFor(Session session, CenterSettings settings)
    {
        Message? Best(MessageKey key) => Languages.Best(session.Language, settings.Center.DefaultLanguage, settings.Messages.Of(key))?.Message;
        return new VoicemailWords(
            session.Deflection?.Message ?? Best(MessageKey.VoicemailGreeting),
            Best(MessageKey.VoicemailNumberBlocked), Best(MessageKey.VoicemailAskNumber), Best(MessageKey.VoicemailNumberEntered));
    }
}
