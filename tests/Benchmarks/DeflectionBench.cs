using System.Diagnostics;
using System.Runtime.CompilerServices;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Benchmarks;

/// <summary>
/// The decision about hours and deflection: every queue with hours of its own and ten exceptions, all of them closed, half
/// of them sending contacts on to a queue that is open. And the menu of a channel with 500 such queues on three levels, each
/// with names in two languages, where calls and chats are deflected, to different things.
/// </summary>
internal sealed class DeflectionBench : IBenchGroup
{
    // Saturday evening: closed, and in the week of the exceptions.
    private static readonly DateTimeOffset At = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    public string Name => "deflection";

    public Task RunAsync(BenchContext context)
    {
        Decisions(context, Center(queues: 200, Channel.Ivr));
        Menus(context, Tree(queues: 500));
        return Task.CompletedTask;
    }

    private static void Decisions(BenchContext context, CenterConfiguration center)
    {
        Contact[] contacts = [.. center.Queues.Keys.Select(id => new Contact(SessionKind.Call, Channel.Ivr, id, "de-AT"))];
        var next = 0;
        var (microseconds, bytes) = Measure(context.Duration, 1_000, () => Deflector.Decide(contacts[next++ % contacts.Length], center, At));
        context.Record("decision_200_queues_us", microseconds);
        context.Record("decision_alloc_bytes", bytes);
        context.Record("decision_answer_bytes", contacts.Average(c => SizeOf(Deflector.Decide(c, center, At))));
    }

    private static void Menus(BenchContext context, CenterConfiguration center)
    {
        var (microseconds, bytes) = Measure(context.Duration, 10, () => EntryMenu.Of(Channel.Mobile, "de-AT", center, At));
        context.Record("menu_500_queues_us", microseconds);
        context.Record("menu_alloc_bytes", bytes);
    }

    /// <summary>The median of several rounds, and what one run allocates.</summary>
    private static (double Microseconds, double Bytes) Measure(TimeSpan duration, int runs, Func<object> once)
    {
        for (var i = 0; i < 20 * runs; i++)
            once();
        List<double> rounds = [];
        var (allocated, count) = (GC.GetAllocatedBytesForCurrentThread(), 0L);
        for (var all = Stopwatch.StartNew(); all.Elapsed < duration; count += runs)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < runs; i++)
                once();
            rounds.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds / runs);
        }

        return (rounds.Order().ElementAt(rounds.Count / 2), (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count);
    }

    /// <summary>What the answer alone weighs: its object, and two arrays with a header and a length each.</summary>
    private static double SizeOf(DeflectionDecision decision)
    {
        const int header = 16;
        const int arrayHeader = 24;
        // Route and queue, three arrays, three references, rounded as the runtime does.
        const int itself = header + 8 + 16 + (6 * 8);
        return itself + arrayHeader + (decision.Path.Length * Unsafe.SizeOf<Guid>()) + arrayHeader + (decision.Why.Length * Unsafe.SizeOf<Reason>());
    }

    private static CenterConfiguration Tree(int queues)
    {
        var now = At.AddYears(-1);
        var center = Center(queues, Channel.Mobile)
            .Apply(new SupportCenterDescribed(SupportCenter.Default with { Email = "help@example.test", Languages = ["en", "de"] }, now))
            .Apply(new ChatDeflectionConfigured(new ChatDeflection(Enabled: true, AllowTransfers: false, Email: true), now));
        Guid[] ids = [.. center.Queues.Keys.Order()];
        for (var i = 0; i < queues; i++)
        {
            center = center.Apply(new QueueTranslated(ids[i], [new("en", $"Queue {i}"), new("de", $"Schlange {i}")], now));
            // The first leads to nine, and each of those to about fifty.
            if (i > 0)
                center = center.Apply(new QueueMoved(ids[i], ids[i < 10 ? 0 : 1 + (i % 9)], i < 10 ? ["Queue 0", $"Queue {i}"] : ["Queue 0", $"Queue {1 + (i % 9)}", $"Queue {i}"], now));
        }

        return center;
    }

    private static CenterConfiguration Center(int queues, Channel channel)
    {
        var now = At.AddYears(-1);
        var center = CenterConfiguration.Initial
            .Apply(new MessageSet(MessageKey.AfterHours, "de", new Message("Wir haben geschlossen."), now))
            .Apply(new CallDeflectionConfigured(
                new CallDeflection(Enabled: true, AllowTransfers: false, new SdkOptions(Voicemail: true, PhoneNumber: "+4930123456"), IvrDeflection.Default), now));
        Guid[] ids = [.. Enumerable.Range(1, queues).Select(i => new Guid(i * 7_919, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1))];
        for (var i = 0; i < queues; i++)
        {
            center = center.Apply(new QueueCreated(ids[i], $"Queue {i}", channel, ["Support", $"Queue {i * 7_919 % queues}"], ParentId: null, [], now));
            center = center.Apply(new QueueHoursSet(ids[i], i == 0 ? new HoursSchedule("Europe/Berlin", Open24Hours: true) : Hours(), now));
            if (i % 2 == 1 && channel == Channel.Ivr)
                center = center.Apply(new QueueDeflectionConfigured(ids[i], new QueueDeflection(new IvrDeflection(IvrOption.Queue, ids[0])), now));
        }

        return center;
    }

    private static HoursSchedule Hours()
    {
        HoursInterval[] day = [new("08:00", "12:00"), new("13:00", "18:00")];
        return new HoursSchedule(
            "Europe/Berlin", Weekly: new WeeklyHours(day, day, day, day, day),
            Exceptions: [.. Enumerable.Range(0, 10).Select(i => new ExceptionalHours(
                $"Holiday {i}", new DateOnly(2026, 11, 2).AddDays(3 * i), new DateOnly(2026, 11, 2).AddDays(3 * i), Closed: true))]);
    }
}
