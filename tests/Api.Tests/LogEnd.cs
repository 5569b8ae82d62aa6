using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests;

/// <summary>The end of the log for a test that looks at what was written between two moments.</summary>
internal static class LogEnd
{
    /// <summary>
    /// A position behind all that was answered so far. What is durable is read once nothing written before it is still
    /// under way (ADR 0007): so a mark is written, and seen.
    /// </summary>
    public static async Task<LogPosition> MarkEndAsync(this TestApi api)
    {
        var store = api.Get<IEventStore>();
        var now = TimeProvider.System.GetUtcNow();
        var mark = new NewEvent(Guid.CreateVersion7(now), new CommandWithoutEffect(Subject: null, Code: null, now));
        var metadata = new EventMetadata(Guid.CreateVersion7(now), "Mark", new Actor(ActorKind.System, "tests"), Source: null);
        var written = (Appended)await store.AppendAsync(new Append([new StreamWrite(StreamId.For("audit", mark.Id), 0, [mark])], metadata), CancellationToken.None);
        await Eventually.TrueAsync(async () => await store.ReadEndAsync(CancellationToken.None) >= written.Position);
        return written.Position;
    }
}
