using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.Pipeline;

/// <summary>A command was refused, or was accepted with nothing to change; or several alike were. Stream <c>audit-{command id}</c>.</summary>
/// <param name="Subject">What it was about: <c>session-…</c>, <c>queue-…</c>, or null.</param>
/// <param name="Code">The refusal's stable code, or null for accepted without effect.</param>
/// <param name="At">When; the first of several.</param>
/// <param name="Count">How many alike; null is one.</param>
[EventType("audit.command_without_effect.v1")]
public sealed record CommandWithoutEffect(string? Subject, string? Code, DateTimeOffset At, int? Count = null) : IDomainEvent;

/// <summary>Puts commands that left no event of their own into the log, so that the audit trail is whole (ADM-2).</summary>
public sealed class RefusalLog(IEventStore store)
{
    /// <summary>
    /// Writes one; durable when it returns. Cannot be cancelled: a caller who hangs up does not escape the audit.
    /// </summary>
    /// <param name="context">Who sent it, when, from where.</param>
    /// <param name="command">Its name, or the route or method where it was refused before it had one.</param>
    /// <param name="subject">What it was about, or null.</param>
    /// <param name="code">The refusal's code, or null if it was accepted.</param>
    /// <param name="answer">What was answered if it was accepted, to be kept with the caller's idempotency key.</param>
    public Task WriteAsync(CallContext context, string command, string? subject, string? code, Receipt? answer = null) =>
        AppendAsync(context, command, new CommandWithoutEffect(subject, code, context.Now), answer);

    /// <summary>Writes several that are alike, as one.</summary>
    /// <param name="context">Who sent them, when the first, from where.</param>
    /// <param name="command">Their name, or the route or method.</param>
    /// <param name="subject">What all of them were about, or null.</param>
    /// <param name="code">The refusals' code.</param>
    /// <param name="count">How many.</param>
    public Task WriteAsync(CallContext context, string command, string? subject, string code, int count) =>
        AppendAsync(context, command, new CommandWithoutEffect(subject, code, context.Now, count), answer: null);

    private async Task AppendAsync(CallContext context, string command, CommandWithoutEffect happened, Receipt? answer)
    {
        var written = new NewEvent(Guid.CreateVersion7(context.Now), happened);
        var metadata = new EventMetadata(context.CommandId, command, context.Caller.Actor, context.Source);
        var append = new Append([new StreamWrite(StreamId.For("audit", written.Id), 0, [written])], metadata)
        {
            Idempotency = answer is null ? null : IdempotentAnswer.For(context, answer),
        };
        if (await store.AppendAsync(append, CancellationToken.None) is IdempotencyKeyTaken)
            await store.AppendAsync(append with { Idempotency = null }, CancellationToken.None);
    }

    /// <summary>The code as auditors see it: what was hidden from the caller was forbidden.</summary>
    public static string? CodeOf(DomainError? refusal) => refusal is UnseenError ? ErrorCodes.Forbidden : refusal?.Code;

    /// <summary>What a requirement says its request is about, or null.</summary>
    public static string? SubjectOf(Requirement requirement) => requirement switch
    {
        ConsumerRequirement r => $"session-{r.SessionId}",
        SelfRequirement r => $"agent-{r.AgentId}",
        ActingInRequirement r => $"session-{r.SessionId}",
        AgentInRequirement r => $"session-{r.SessionId}",
        OwnMonitorRequirement r => $"monitoring-{r.MonitorId}",
        OfRecordingRequirement r => $"recording-{r.RecordingId}",
        AllOfRequirement r => r.Requirements.Select(SubjectOf).FirstOrDefault(subject => subject is not null),
        AnyOfRequirement r => r.Requirements.Select(SubjectOf).FirstOrDefault(subject => subject is not null),
        PermissionRequirement { Target.Kind: TargetKind.Session } r => $"session-{r.Target.Id}",
        PermissionRequirement { Target.Kind: TargetKind.Recording } r => $"recording-{r.Target.Id}",
        PermissionRequirement { Target.Kind: TargetKind.ScheduledCall } r => $"scheduledcall-{r.Target.Id}",
        PermissionRequirement { Target.Kind: TargetKind.Voicemail } r => $"voicemail-{r.Target.Id}",
        PermissionRequirement { Target.Kind: TargetKind.Queue } r => $"queue-{r.Target.Id}",
        PermissionRequirement { Target.Kind: TargetKind.User } r => $"user-{r.Target.Id}",
        _ => null,
    };
}
