using ContactCenter.Application.Consumers;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>A consumer books a call in a slot of a queue (AHD-11), closed or open.</summary>
/// <param name="ScheduledCallId">The booking's id, or null to be given one; the same id again is the same booking.</param>
/// <param name="QueueId">Whose agents are to talk with them.</param>
/// <param name="StartsAt">The slot's beginning.</param>
/// <param name="PhoneNumber">Where they are called, E.164.</param>
/// <param name="Language">BCP 47, 2 to 35 characters, or null for the center's default.</param>
/// <param name="Consumer">Who asks.</param>
/// <param name="Consent">What was said about being recorded (REC-3).</param>
/// <param name="Data">Custom data for the session, at most 50 values.</param>
/// <param name="Flags">The reserved data attributes for the session (DAT-1).</param>
/// <param name="Voice">Simulated media only: the consumer's voice, or how the line answers: <c>line:busy</c>, <c>line:no_answer</c>, <c>line:failed</c>.</param>
public sealed record BookScheduledCall(
    Guid? ScheduledCallId,
    Guid QueueId,
    DateTimeOffset StartsAt,
    string PhoneNumber,
    string? Language,
    ConsumerRef Consumer,
    RecordingConsent Consent,
    IReadOnlyDictionary<string, string> Data,
    CustomerFlags Flags,
    string? Voice) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.EntryWrite, Target.Queue(QueueId));

    /// <summary>Nothing that tells who is called where.</summary>
    public override string ToString() => $"{nameof(BookScheduledCall)}({QueueId}, {StartsAt:O})";
}

/// <summary>The shape of <see cref="BookScheduledCall"/>.</summary>
public sealed class BookScheduledCallValidator : AbstractValidator<BookScheduledCall>
{
    /// <summary>Its rules.</summary>
    public BookScheduledCallValidator()
    {
        RuleFor(r => r.ScheduledCallId).NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.QueueId).Id();
        RuleFor(r => r.StartsAt).SlotStart();
        RuleFor(r => r.PhoneNumber).PhoneNumber();
        RuleFor(r => r.Language!).LanguageTag().When(r => r.Language is not null);
        RuleFor(r => r.Consent).IsInEnum();
        RuleFor(r => r.Voice).Voice(also: "line:(busy|no_answer|failed)")
            .WithMessage("Must be a file's name, a tone below 4000 Hz like tone:440, or line:busy, line:no_answer or line:failed.");
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

/// <summary>Handles <see cref="BookScheduledCall"/>: booking, slot and limits in one write.</summary>
public sealed class BookScheduledCallHandler(
    UnitOfWork work, CurrentCall call, ConsumerWork consumers, QueueSlots slots, BookingWork bookings, ConfigurationWork configuration, IIdentityHasher hasher)
    : IRequestHandler<BookScheduledCall, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(BookScheduledCall request, CancellationToken cancellationToken)
    {
        var booking = await work.LoadAsync(Aggregates.ScheduledCall, request.ScheduledCallId ?? call.NewId(), cancellationToken);
        var (consumerId, refused) = await consumers.IdentifyAsync(request.Consumer, cancellationToken);
        if (refused is not null)
            return refused;
        var queue = (await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken)).State;
        var language = await configuration.LanguageOfAsync(request.Language, cancellationToken);
        var asked = new BookingRequest(
            booking.Stream.Id, consumerId, language, new PersonalText(request.PhoneNumber), hasher.Hash("scheduled_call", request.PhoneNumber),
            request.Consent, request.Data, request.Flags, request.Voice);
        var (slot, isLeaf) = await slots.FindAsync(queue, language, request.StartsAt, cancellationToken);
        var booked = ScheduledCallDecider.Book(booking.State, asked, queue, isLeaf, slot, call.Now);
        if (work.Append(Aggregates.ScheduledCall, booking, booked) is { } refusal)
            return refusal;
        if (booked.Events.Count == 0)
            return await work.CommitAsync(booking, cancellationToken);

        var made = work.After(booking);
        var full =
            await bookings.TakeSlotAsync(made, queue, request.StartsAt, cancellationToken)
            ?? await bookings.CountAsync(made, cancellationToken);
        return full is null ? await work.CommitAsync(booking, cancellationToken) : full;
    }
}
