using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.Audit;

/// <summary>What became of a command.</summary>
public enum AuditOutcome
{
    /// <summary>Allowed, and this happened.</summary>
    Accepted,

    /// <summary>Refused.</summary>
    Refused,

    /// <summary>Allowed, with nothing to change.</summary>
    NoEffect,
}

/// <summary>One line of the audit trail (ADM-2): an event, or a command that left none. Ids and words only, no content.</summary>
/// <param name="Position">The event's place in the log, as text.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="ActorKind">What kind of party.</param>
/// <param name="ActorId">Who.</param>
/// <param name="Command">Through which command.</param>
/// <param name="CommandId">The same for everything one command caused.</param>
/// <param name="Source">From where, or null.</param>
/// <param name="Stream">The stream the event is in.</param>
/// <param name="Version">Its place there.</param>
/// <param name="Subject">What it is about: the stream, or for a command without effect what it was aimed at, if known.</param>
/// <param name="Type">The event's wire name.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Outcome">What became of the command.</param>
/// <param name="Code">The refusal's code, or null.</param>
/// <param name="Count">How many alike are told of in this line: refusals of one caller who sent too many within a minute.</param>
public sealed record AuditEntry(
    string Position,
    DateTimeOffset At,
    ActorKind ActorKind,
    string ActorId,
    string Command,
    Guid CommandId,
    string? Source,
    string Stream,
    long Version,
    string? Subject,
    string Type,
    Guid EventId,
    AuditOutcome Outcome,
    string? Code,
    int Count = 1);

/// <summary>One row per event, in log order by key.</summary>
public sealed class AuditProjection : Projection<AuditEntry>
{
    /// <inheritdoc/>
    public override string Name => "audit";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override bool OneRowPerEvent => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<AuditEntry>> Columns { get; } =
    [
        new("at", ColumnType.Instant, a => a.At, Indexed: true, Required: true),
        new("actor_kind", ColumnType.Text, a => a.ActorKind, Required: true),
        new("actor_id", ColumnType.Text, a => a.ActorId, Indexed: true, Required: true),
        new("command", ColumnType.Text, a => a.Command, Required: true),
        new("subject", ColumnType.Text, a => a.Subject, Indexed: true),
        new("outcome", ColumnType.Text, a => a.Outcome, Indexed: true, Required: true),
    ];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => KeyOf(happened.Position);

    /// <summary>Sorts as text like the position as a number.</summary>
    public static string KeyOf(LogPosition position) => position.Value.ToString("D19");

    /// <inheritdoc/>
    public override AuditEntry? Evolve(AuditEntry? view, StoredEvent happened)
    {
        var without = happened.Data as CommandWithoutEffect;
        var outcome = without is null ? AuditOutcome.Accepted : without.Code is null ? AuditOutcome.NoEffect : AuditOutcome.Refused;
        var metadata = happened.Metadata;
        return new AuditEntry(
            happened.Position.ToString(), happened.RecordedAt, metadata.Actor.Kind, metadata.Actor.Id, metadata.Command, metadata.CommandId,
            metadata.Source, happened.Stream.Value, happened.Version, without is null ? happened.Stream.Value : without.Subject, happened.Type,
            happened.Id, outcome, without?.Code, without?.Count ?? 1);
    }
}
