using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.EventSourcing;

/// <summary>Who caused an event, through which command (ADM-2).</summary>
/// <param name="CommandId">Shared by all events of one command; the correlation id of the audit trail.</param>
/// <param name="Command">The command's name, for example <c>EndSession</c>.</param>
/// <param name="Actor">Who sent it.</param>
/// <param name="Source">Where it came from: an address, or the component that sent it.</param>
public sealed record EventMetadata(Guid CommandId, string Command, Actor Actor, string? Source);

/// <summary>An event to append.</summary>
/// <param name="Id">Its id: appending the same id with the same content again gives the first answer.</param>
/// <param name="Data">The fact.</param>
public sealed record NewEvent(Guid Id, IDomainEvent Data);

/// <summary>An event as the log holds it.</summary>
/// <param name="Position">Its place in the log.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Version">Its place in the stream, from 1, without gaps.</param>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its literal wire name as stored, before any upcast.</param>
/// <param name="Data">The fact, upcast to the newest version of its type.</param>
/// <param name="Metadata">Who caused it.</param>
/// <param name="RecordedAt">When the append was made, by the clock of the appending node.</param>
public sealed record StoredEvent(
    LogPosition Position,
    StreamId Stream,
    long Version,
    Guid Id,
    string Type,
    IDomainEvent Data,
    EventMetadata Metadata,
    DateTimeOffset RecordedAt);
