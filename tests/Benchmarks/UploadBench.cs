using System.Diagnostics;
using ContactCenter.Api.Hosting;
using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.Scheduling;
using ContactCenter.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ContactCenter.Benchmarks;

/// <summary>
/// A thousand recordings, all ready at once, and a CRM that fails three calls of ten, loses confirmations and takes only so
/// many calls a second (REC-8). Every fourth goes in two parts; of each, each part must be on its ticket once and in order. The time to drain is the recordings' own: waits between attempts are skipped and
/// counted, work takes what it takes.
/// </summary>
internal sealed class UploadBench : IBenchGroup
{
    private const int Count = 1000;
    private const int CallsPerSecond = 200;
    private const int Parallel = 4;
    private const int LongEvery = 4;
    private const int MostPartBytes = 100_000;
    private static readonly byte[] Audio = new byte[PhoneAudio.BytesPerSecond * 5];
    private static readonly byte[] LongAudio = new byte[PhoneAudio.BytesPerSecond * 10];

    public string Name => "uploads";

    public async Task RunAsync(BenchContext context)
    {
        var database = await context.CreateDatabaseAsync();
        await using (await LogNode.StartAsync(database))
        {
            // It migrates.
        }

        var folder = Directory.CreateTempSubdirectory("contactcenter-bench-").FullName;
        var clock = new SkippingClock();
        FlakyCrm crm = null!;
        await using (var app = ApiHost.Build(
            [$"--CONTACTCENTER_DB={database}", $"--CONTACTCENTER_DATA={folder}", "--Logging:LogLevel:Default=None"],
            services => services.AddSingleton<TimeProvider>(clock)
                .AddSingleton<ICrm>(all => crm = new FlakyCrm(all.GetRequiredService<BuiltInCrm>(), clock, seed: 7, CallsPerSecond))
                .AddSingleton(all => ActivatorUtilities.CreateInstance<RecordingParts>(all, (long)MostPartBytes))))
        {
            List<(Guid Session, int Parts)> recorded = [];
            for (var i = 0; i < Count; i++)
                recorded.Add(i % LongEvery == 0 ? (await RecordAsync(app, LongAudio), 2) : (await RecordAsync(app, Audio), 1));
            await DrainAsync(context, app, clock);
            foreach (var (session, parts) in recorded)
                await CheckAsync(app, session, parts);
            Console.WriteLine($"  of the CRM's calls {crm.Failures:#,0} failed: {crm.Limited:#,0} limited, {crm.Lost:#,0} with their answer lost");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task DrainAsync(BenchContext context, WebApplication app, SkippingClock clock)
    {
        var due = app.Services.GetRequiredService<DueMessages>();
        var (began, worked) = (clock.GetUtcNow(), Stopwatch.GetTimestamp());
        var last = began;
        while (await OneAsync<DateTime?>(app, "select min(due_at) from outbox where lane = 'recording' and kind = 'recording.upload'") is { } next)
        {
            var wait = new DateTimeOffset(next, TimeSpan.Zero) - clock.GetUtcNow();
            if (wait > TimeSpan.Zero)
                clock.Skip(wait);
            await due.SendAsync(OutboxKinds.RecordingUpload, Parallel, m => new UploadRecording(OutboxJson.Read<RecordingDue>(m.Payload).RecordingId), CancellationToken.None);
            last = clock.GetUtcNow();
        }

        var again = await OneAsync<long>(app, "select count(distinct stream) from events where type = 'recording.upload_failed.v1'");
        context.Record("crm_flaky_1000_drain_s", (last - began).TotalSeconds);
        context.Record("crm_flaky_1000_work_s", Stopwatch.GetElapsedTime(worked).TotalSeconds);
        context.Record("crm_flaky_1000_share_first_try", (Count - again) / (double)Count);
    }

    /// <summary>Each part is on the ticket once and in order, and nothing is left here.</summary>
    private static async Task CheckAsync(WebApplication app, Guid session, int parts)
    {
        var recording = RecordingId.Of(session);
        List<IDomainEvent> events = [];
        await foreach (var stored in app.Services.GetRequiredService<IEventStore>().ReadAllAsync(Aggregates.Recording.Stream(recording), CancellationToken.None))
            events.Add(stored.Data);
        var tickets = app.Services.GetRequiredService<ITickets>();
        var ticket = await tickets.FindBySubjectAsync(session, CancellationToken.None);
        var attached = ticket is null ? [] : await tickets.AttachmentsAsync(ticket.Id, CancellationToken.None);
        var told = events.OfType<RecordingPartAttached>().ToList();
        var title = $"Call recording {session}";
        string[] names = parts == 1 ? [$"{title}.wav"] : [.. Enumerable.Range(1, parts).Select(part => $"{title} part {part} of {parts}.wav")];
        var isRight = attached.Select(a => a.FileName).SequenceEqual(names)
            && told.Select(p => p.Part).SequenceEqual(Enumerable.Range(1, parts))
            && told.Select(p => p.AttachmentId).SequenceEqual(attached.Select(a => a.Id.ToString("D")))
            && events.OfType<RecordingPurged>().Count() == 1 && events[^1] is RecordingPurged { Reason: PurgeReason.Confirmed }
            && !await app.Services.GetRequiredService<IRecordingStorage>().ExistsAsync(recording, CancellationToken.None);
        if (!isRight)
            throw new InvalidOperationException($"Recording {recording} of {parts} parts has {string.Join(", ", attached.Select(a => a.FileName))}; {events[^1].GetType().Name} is its last event.");
    }

    /// <summary>A call that is over, with audio that waits for the CRM; answers its session.</summary>
    private static async Task<Guid> RecordAsync(WebApplication app, byte[] audio)
    {
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var (session, consumer, queue) = (NewId(), NewId(), NewId());
        var recording = RecordingId.Of(session);
        var seconds = audio.Length / PhoneAudio.BytesPerSecond;
        await using (var writer = await app.Services.GetRequiredService<IRecordingStorage>().CreateAsync(recording, RecordingObjects.Segment(1), CancellationToken.None))
        {
            await writer.WriteAsync(audio, CancellationToken.None);
            await writer.CompleteAsync(CancellationToken.None);
        }

        await AppendAsync(app, now,
            (Aggregates.Consumer.Stream(consumer), [new ConsumerIdentified(consumer, IdentityKind.Visitor, new PersonalText("v-1"), new PersonalText("Ada Lovelace"), now)]),
            (Aggregates.Queue.Stream(queue), [new QueueCreated(queue, "Billing", Channel.Web, ["Billing"], ParentId: null, [], now)]),
            (Aggregates.Session.Stream(session), [new SessionRequested(session, SessionKind.Call, Channel.Web, consumer, queue, "en", RecordingConsent.Granted, new Dictionary<string, PersonalText>(), Voice: null, now)]),
            (Aggregates.Recording.Stream(recording),
            [
                new RecordingStarted(recording, session, NewId(), queue, now, now),
                new RecordingStopped(recording, session, seconds, now),
                new SegmentCompleted(recording, 1, audio.Length / PhoneAudio.SampleBytes, "", now),
                new RecordingReady(recording, session, seconds, now, now + Recording.Limit),
            ]));
        return session;

        Guid NewId() => Guid.CreateVersion7(now);
    }

    private static async Task AppendAsync(WebApplication app, DateTimeOffset now, params (StreamId Stream, IDomainEvent[] Facts)[] streams)
    {
        StreamWrite[] writes = [.. streams.Select(s => new StreamWrite(s.Stream, 0, [.. s.Facts.Select(f => new NewEvent(Guid.CreateVersion7(now), f))]))];
        var effects = app.Services.GetServices<IEffects>().ToList();
        var append = new Append(writes, new EventMetadata(Guid.CreateVersion7(now), "bench", Actor.System("bench"), Source: null))
        {
            Outbox = [.. writes.SelectMany(w => w.Events).SelectMany(e => effects.SelectMany(f => f.Of(e, now)))],
        };
        if (await app.Services.GetRequiredService<IEventStore>().AppendAsync(append, CancellationToken.None) is not Appended)
            throw new InvalidOperationException("A recording could not be written.");
    }

    private static async Task<T?> OneAsync<T>(WebApplication app, string sql)
    {
        await using var command = app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}
