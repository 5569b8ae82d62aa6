using ContactCenter.Application.Consumers;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Settings;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>Who asks for help, as the SDK or the telephone network tells it.</summary>
/// <param name="Kind">By what they are told apart.</param>
/// <param name="Identity">The visitor id, SDK id, user id or number (E.164); 1 to 200 characters.</param>
/// <param name="Name">Their name where known, at most 200 characters; else they get one like <c>Web User - 10/05 10:15</c> (CON-1).</param>
public sealed record ConsumerRef(IdentityKind Kind, string Identity, string? Name)
{
    /// <summary>Nothing that tells who they are.</summary>
    public override string ToString() => $"ConsumerRef({Kind})";
}

/// <summary>
/// A consumer asks for help and waits in a queue, or goes where it deflects to outside the hours. The same visitor is the same consumer (CON-2).
/// </summary>
/// <param name="SessionId">The new session's id, or null to be given one; the same id again is the same request.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Channel">How it enters.</param>
/// <param name="QueueId">The menu entry chosen.</param>
/// <param name="Language">BCP 47, 2 to 35 characters, or null for the center's default.</param>
/// <param name="Consumer">Who asks.</param>
/// <param name="Consent">What was said about being recorded (REC-3).</param>
/// <param name="Data">Custom data, at most 50 values; names that begin with <c>reserved_</c> are refused (DAT-5).</param>
/// <param name="Flags">The reserved data attributes (DAT-1).</param>
/// <param name="Voice">Simulated media only: the consumer's voice, a file's name.</param>
/// <param name="Deflection">What the consumer chose of the options offered outside the hours (AHD-3), or null.</param>
/// <param name="Line">The center's number that was called, E.164, or null: it says whether the call is recorded (REC-3).</param>
public sealed record StartSession(
    Guid? SessionId,
    SessionKind Kind,
    Channel Channel,
    Guid QueueId,
    string? Language,
    ConsumerRef Consumer,
    RecordingConsent Consent,
    IReadOnlyDictionary<string, string> Data,
    CustomerFlags Flags,
    string? Voice,
    OptionKind? Deflection = null,
    string? Line = null) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.EntryWrite, Target.Queue(QueueId));
}

/// <summary>The shape of <see cref="StartSession"/>.</summary>
public sealed class StartSessionValidator : AbstractValidator<StartSession>
{
    /// <summary>Its rules.</summary>
    public StartSessionValidator()
    {
        RuleFor(r => r.SessionId).NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.Kind).IsInEnum();
        RuleFor(r => r.Channel).IsInEnum();
        RuleFor(r => r.Consent).IsInEnum();
        RuleFor(r => r.Deflection).IsInEnum();
        RuleFor(r => r.QueueId).Id();
        RuleFor(r => r.Language!).LanguageTag().When(r => r.Language is not null);
        RuleFor(r => r.Voice).Voice();
        RuleFor(r => r.Line!).PhoneNumber().When(r => r.Line is not null);
        RuleFor(r => r.Flags).NotNull();
        RuleFor(r => r.Data).NotNull();
        RuleFor(r => r.Consumer).NotNull().DependentRules(() =>
        {
            RuleFor(r => r.Consumer.Kind).IsInEnum();
            RuleFor(r => r.Consumer.Identity).Text(200);
            RuleFor(r => r.Consumer.Identity).PhoneNumber().When(r => r.Consumer.Kind == IdentityKind.Phone);
            RuleFor(r => r.Consumer.Name).Text(200).When(r => r.Consumer.Name is not null);
        });
    }
}

/// <summary>Handles <see cref="StartSession"/>.</summary>
public sealed class StartSessionHandler(
    UnitOfWork work, CurrentCall call, ConsumerWork consumers, ArrivalWork arrivals, VoicemailWork voicemails, ConfigurationWork configuration)
    : IRequestHandler<StartSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(StartSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId ?? call.NewId(), cancellationToken);
        var (consumerId, refused) = await consumers.IdentifyAsync(request.Consumer, cancellationToken);
        if (refused is not null)
            return refused;
        var queue = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var language = await configuration.LanguageOfAsync(request.Language, cancellationToken);
        var asked = new SessionRequest(
            session.Stream.Id, request.Kind, request.Channel, consumerId, language, request.Consent, request.Data, request.Flags, request.Voice,
            request.Deflection, request.Line, request.Kind == SessionKind.Call ? await arrivals.RecordingOfAsync(request.Line, cancellationToken) : null);
        var arrival = await arrivals.AtAsync(queue.State, request.Kind, language, cancellationToken);
        if (work.Append(Aggregates.Session, session, SessionDecider.Request(session.State, asked, queue.State, call.Now, arrival)) is { } refusal)
            return refusal;
        if (await arrivals.AnnounceRecordingAsync(session, cancellationToken) is { } notAnnounced)
            return notAnnounced;
        var number = request.Consumer.Kind == IdentityKind.Phone ? request.Consumer.Identity : null;
        if (await voicemails.StartAsync(work.After(session), queue.State, number, cancellationToken) is { } notLeft)
            return notLeft;
        return await work.CommitAsync(session, cancellationToken);
    }
}
