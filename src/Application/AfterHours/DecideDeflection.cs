using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.AfterHours;

/// <summary>What would happen to a contact at an instant, and why. Nothing happens.</summary>
/// <param name="Kind">Call or chat.</param>
/// <param name="Channel">How it enters.</param>
/// <param name="QueueId">The menu entry chosen.</param>
/// <param name="Language">BCP 47, or null for the center's default.</param>
/// <param name="At">When, or null for now.</param>
public sealed record DecideDeflection(SessionKind Kind, Channel Channel, Guid QueueId, string? Language, DateTimeOffset? At) : IQuery<DecisionView>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.SettingsRead, Target.Queue(QueueId)), Requirement.Permission(Permissions.EntryWrite, Target.Queue(QueueId)));
}

/// <summary>A decision for people and programs.</summary>
/// <param name="Route">Where the contact goes.</param>
/// <param name="QueueId">The queue it ends up at: where it waits, or whose deflection spoke.</param>
/// <param name="QueueName">That queue's name.</param>
/// <param name="Deflected">True if it goes elsewhere than into the queue it chose.</param>
/// <param name="Path">The queues it came by, the chosen one first.</param>
/// <param name="Options">What is offered; nothing else is.</param>
/// <param name="PhoneNumber">Where the call is sent, E.164, or null.</param>
/// <param name="Email">The address that is shown, or null.</param>
/// <param name="Message">What is played or sent, or null.</param>
/// <param name="At">The instant decided for.</param>
/// <param name="Why">Each rule that spoke, in order.</param>
public sealed record DecisionView(
    Route Route,
    Guid QueueId,
    string? QueueName,
    bool Deflected,
    IReadOnlyList<Guid> Path,
    IReadOnlyList<OfferedOption> Options,
    string? PhoneNumber,
    string? Email,
    Message? Message,
    DateTimeOffset At,
    IReadOnlyList<ReasonView> Why);

/// <summary>The shape of <see cref="DecideDeflection"/>.</summary>
public sealed class DecideDeflectionValidator : AbstractValidator<DecideDeflection>
{
    /// <summary>Its rules.</summary>
    public DecideDeflectionValidator()
    {
        RuleFor(r => r.Kind).IsInEnum();
        RuleFor(r => r.Channel).IsInEnum();
        RuleFor(r => r.QueueId).Id();
        RuleFor(r => r.Language!).LanguageTag().When(r => r.Language is not null);
        RuleFor(r => r.At!.Value.Year).InclusiveBetween(1970, 2199).When(r => r.At is not null).OverridePropertyName("at").WithMessage("Must be from 1970 to 2199.");
    }
}

/// <summary>Answers <see cref="DecideDeflection"/>.</summary>
public sealed class DecideDeflectionHandler(UnitOfWork work, ConfigurationWork configuration, CurrentCall call)
    : IRequestHandler<DecideDeflection, Result<DecisionView>>
{
    /// <inheritdoc/>
    public async Task<Result<DecisionView>> Handle(DecideDeflection request, CancellationToken cancellationToken)
    {
        var queue = (await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken)).State;
        if (SessionDecider.WhyNotThere(request.Kind, request.Channel, queue) is { } refusal)
            return refusal;
        var center = await configuration.ReadAsync(cancellationToken);
        var at = request.At ?? call.Now;
        var language = center.LanguageOf(request.Language);
        var decision = Deflector.Decide(new Contact(request.Kind, request.Channel, request.QueueId, language), center, at);
        return new DecisionView(
            decision.Route, decision.QueueId, center.FindLive(decision.QueueId)?.Name, decision.IsDeflected, decision.Path,
            [.. decision.Options.Select(o => OfferedOption.Of(o, request.Channel, decision.QueueId))],
            decision.PhoneNumber, decision.Email, decision.Message, at, [.. decision.Why.Select(w => ReasonView.Of(w, center))]);
    }
}
