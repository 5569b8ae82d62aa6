using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Monitoring;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// The caller monitors a session (MON-2, MON-5). It goes on while a stream of it is open somewhere: the audio, the live chat
/// view, or, for the first seconds, none yet.
/// </summary>
/// <param name="MonitorId">Its id, or null to be given one; the same id again is the same request.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Mode">How.</param>
/// <param name="Voice">Simulated media only: the supervisor's voice, <c>tone:</c> and a frequency in Hz, or a file's name.</param>
public sealed record StartMonitor(Guid? MonitorId, Guid SessionId, MonitorMode Mode, string? Voice) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => MonitorRights.ToStart(SessionId, Mode);
}

/// <summary>The shape of <see cref="StartMonitor"/>.</summary>
public sealed class StartMonitorValidator : AbstractValidator<StartMonitor>
{
    /// <summary>Its rules.</summary>
    public StartMonitorValidator()
    {
        RuleFor(r => r.MonitorId).NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.Mode).IsInEnum();
        RuleFor(r => r.Voice).Voice();
    }
}

/// <summary>Handles <see cref="StartMonitor"/>.</summary>
public sealed class StartMonitorHandler(MonitorWork monitors, CurrentCall call) : IRequestHandler<StartMonitor, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(StartMonitor request, CancellationToken cancellationToken) =>
        monitors.StartAsync(request.MonitorId ?? call.NewId(), request.SessionId, request.Mode, request.Voice, cancellationToken);
}

/// <summary>
/// Somebody who is no part of a chat opens its live view (MON-7): to auditors that is a monitoring like any other. Whoever may
/// read the chat may open it, and whoever may monitor it unnoticed.
/// </summary>
/// <param name="SessionId">The chat.</param>
public sealed record ViewChat(Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(SessionReaders.Of(SessionId), MonitorRights.ToStart(SessionId, MonitorMode.Silent));
}

/// <summary>Handles <see cref="ViewChat"/>.</summary>
public sealed class ViewChatHandler(MonitorWork monitors, UnitOfWork work, CurrentCall call) : IRequestHandler<ViewChat, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ViewChat request, CancellationToken cancellationToken)
    {
        var session = (await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken)).State;
        return session.Id == request.SessionId && MonitorDecider.WhyNotViewed(session.Kind) is { } refusal
            ? refusal
            : await monitors.StartAsync(call.NewId(), request.SessionId, MonitorMode.Silent, voice: null, cancellationToken);
    }
}
