using ContactCenter.Application.EventSourcing;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.EventStore;

/// <summary>What every adapter of <see cref="IEventStore"/> must do. Derive from it, and give it a store.</summary>
public abstract class EventStoreConformance
{
    protected abstract IEventStore Store { get; }

    [Fact]
    public async Task An_appended_stream_reads_back_as_it_was_written()
    {
        var stream = Sample.NewStream();
        var events = Sample.Notes(3);

        var result = (await AppendAsync(Sample.Append(stream, 0, events))).ShouldBeOfType<Appended>();
        var read = await Store.ReadStreamAsync(stream, 0, 100, default);

        result.Versions.ShouldBe([3]);
        result.Repeated.ShouldBeFalse();
        result.Position.ShouldBe(read[^1].Position);
        read.Select(e => e.Id).ShouldBe(events.Select(e => e.Id));
        read.Select(e => e.Data).ShouldBe(events.Select(e => e.Data));
        read.Select(e => e.Version).ShouldBe([1, 2, 3]);
        read.ShouldAllBe(e => e.Stream == stream && e.Type == "sample.noted.v1" && e.Metadata == Sample.Metadata);
    }

    [Fact]
    public async Task Reading_a_stream_starts_after_a_version_and_stops_at_the_limit()
    {
        var stream = Sample.NewStream();
        await AppendAsync(Sample.Append(stream, 0, Sample.Notes(5)));

        (await Store.ReadStreamAsync(stream, 2, 2, default)).Select(e => e.Version).ShouldBe([3, 4]);
        (await Store.ReadStreamAsync(stream, 5, 2, default)).ShouldBeEmpty();
        (await Store.ReadStreamAsync(Sample.NewStream(), 0, 2, default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_stream_that_is_elsewhere_is_a_conflict_and_nothing_is_written(int expected)
    {
        var stream = Sample.NewStream();
        await AppendAsync(Sample.Append(stream, 0, Sample.Notes(2)));

        (await AppendAsync(Sample.Append(stream, expected, Sample.Note()))).ShouldBe(new VersionConflict(stream, expected, 2));
        (await Store.ReadStreamAsync(stream, 0, 100, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_does_not_exist_is_at_version_0()
    {
        var stream = Sample.NewStream();

        (await AppendAsync(Sample.Append(stream, 4, Sample.Note()))).ShouldBe(new VersionConflict(stream, 4, 0));
    }

    [Fact]
    public async Task Several_streams_are_written_together_or_not_at_all()
    {
        var (first, second, third) = (Sample.NewStream(), Sample.NewStream(), Sample.NewStream());
        await AppendAsync(Sample.Append(second, 0, Sample.Notes(2)));

        var refused = await AppendAsync(Sample.Append(Sample.Write(first, 0, Sample.Note()), Sample.Write(second, 1, Sample.Note()), Sample.Write(third, 0, Sample.Note())));
        refused.ShouldBe(new VersionConflict(second, 1, 2));
        (await Store.ReadStreamAsync(first, 0, 9, default)).ShouldBeEmpty();
        (await Store.ReadStreamAsync(third, 0, 9, default)).ShouldBeEmpty();

        var written = await AppendAsync(Sample.Append(Sample.Write(third, 0, Sample.Notes(2)), Sample.Write(second, 2, Sample.Note()), Sample.Write(first, 0, Sample.Note())));
        written.ShouldBeOfType<Appended>().Versions.ShouldBe([2, 3, 1]);
        (await AppendAsync(Sample.Append(first, 1, Sample.Note()))).ShouldBeOfType<Appended>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_was_decided_on_a_stream_is_written_as_long_as_that_stands_there_and_leaves_it_alone(int version)
    {
        var (stream, decidedOn) = (Sample.NewStream(), Sample.NewStream());
        if (version > 0)
            await AppendAsync(Sample.Append(decidedOn, 0, Sample.Notes(version)));

        foreach (var elsewhere in new[] { version + 1, version + 2 })
        {
            (await AppendAsync(Sample.Append(stream, 0, Sample.Note()) with { Looks = [new(decidedOn, elsewhere)] }))
                .ShouldBe(new VersionConflict(decidedOn, elsewhere, version));
        }

        (await Store.ReadStreamAsync(stream, 0, 9, default)).ShouldBeEmpty();
        (await AppendAsync(Sample.Append(stream, 0, Sample.Note()) with { Looks = [new(decidedOn, version)] })).ShouldBeOfType<Appended>().Versions.ShouldBe([1]);
        (await Store.ReadStreamAsync(decidedOn, 0, 9, default)).Count.ShouldBe(version);
        (await AppendAsync(Sample.Append(decidedOn, version, Sample.Note()))).ShouldBeOfType<Appended>();
        (await AppendAsync(Sample.Append(stream, 1, Sample.Note()) with { Looks = [new(decidedOn, version)] })).ShouldBe(new VersionConflict(decidedOn, version, version + 1));
    }

    /// <summary>Whoever shares a commit with whom, nothing is written behind a decision that was made on something else.</summary>
    [Fact]
    public async Task Many_may_look_at_a_stream_that_one_moves_on()
    {
        var (moved, still) = (Sample.NewStream(), Sample.NewStream());
        await AppendAsync(Sample.Append(Sample.Write(moved, 0, Sample.Note()), Sample.Write(still, 0, Sample.Note())));
        var appends = Enumerable.Range(0, 300).Select(i => (i % 3) switch
        {
            0 => Sample.Append(moved, (i / 3) + 1, Sample.Note()),
            1 => Sample.Append(Sample.NewStream(), 0, Sample.Notes(2)) with { Looks = [new(moved, 200)] },
            _ => Sample.Append(Sample.NewStream(), 0, Sample.Notes(2)) with { Looks = [new(still, 1)] },
        }).ToList();

        var looking = appends.Where(a => a.Looks.Count > 0).Select(append => Task.Run(() => AppendAsync(append))).ToList();
        foreach (var move in appends.Where(a => a.Looks.Count == 0))
            (await AppendAsync(move)).ShouldBeOfType<Appended>();
        var results = await Task.WhenAll(looking);

        results.OfType<VersionConflict>().Count(c => c.Stream == moved).ShouldBe(100);
        results.OfType<Appended>().Count().ShouldBe(100);
        (await Store.ReadStreamAsync(moved, 0, 200, default)).Count.ShouldBe(101);
        (await Store.ReadStreamAsync(still, 0, 9, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_append_again_gets_the_first_answer()
    {
        var (one, two) = (Sample.NewStream(), Sample.NewStream());
        var append = Sample.Append(Sample.Write(one, 0, Sample.Notes(2)), Sample.Write(two, 0, Sample.Note()));
        var first = (await AppendAsync(append)).ShouldBeOfType<Appended>();
        await AppendAsync(Sample.Append(one, 2, Sample.Notes(3)));

        var again = (await AppendAsync(append)).ShouldBeOfType<Appended>();

        again.Repeated.ShouldBeTrue();
        again.Position.ShouldBe(first.Position);
        again.Versions.ShouldBe(first.Versions);
        (await Store.ReadStreamAsync(one, 0, 9, default)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task An_event_id_is_never_used_for_anything_else()
    {
        var (stream, other) = (Sample.NewStream(), Sample.NewStream());
        var note = Sample.Note("first");
        await AppendAsync(Sample.Append(stream, 0, note));
        var reused = new EventIdReused(note.Id);

        (await AppendAsync(Sample.Append(other, 0, note))).ShouldBe(reused);
        (await AppendAsync(Sample.Append(stream, 1, note))).ShouldBe(reused);
        (await AppendAsync(Sample.Append(stream, 0, note with { Data = new SampleNoted("second") }))).ShouldBe(reused);
        (await AppendAsync(Sample.Append(stream, 0, note, Sample.Note()))).ShouldBe(reused);
        (await AppendAsync(Sample.Append(other, 0, Sample.Note(), note))).ShouldBe(reused);
        (await Store.ReadStreamAsync(other, 0, 9, default)).ShouldBeEmpty();
        (await AppendAsync(Sample.Append(other, 0, Sample.Note()))).ShouldBeOfType<Appended>();
    }

    [Fact]
    public async Task An_idempotency_key_is_recorded_once_per_actor()
    {
        var record = Key("User:1");
        var append = Sample.Append(Sample.NewStream(), 0, Sample.Note()) with { Idempotency = record };
        await AppendAsync(append);

        Same((await Store.FindIdempotencyAsync(record.Actor, record.Key, default))!, record);
        (await Store.FindIdempotencyAsync("User:2", record.Key, default)).ShouldBeNull();
        (await AppendAsync(append)).ShouldBeOfType<Appended>().Repeated.ShouldBeTrue();
        var stream = Sample.NewStream();
        var taken = await AppendAsync(Sample.Append(stream, 0, Sample.Note()) with { Idempotency = record with { RequestHash = [9] } });
        Same(taken.ShouldBeOfType<IdempotencyKeyTaken>().Existing, record);
        (await Store.ReadStreamAsync(stream, 0, 9, default)).ShouldBeEmpty();
        (await AppendAsync(Sample.Append(stream, 0, Sample.Note()) with { Idempotency = record with { Actor = "User:2" } })).ShouldBeOfType<Appended>();
    }

    [Fact]
    public async Task A_taken_key_is_told_before_a_conflict_so_that_a_racing_repeat_gets_its_answer()
    {
        var (stream, record) = (Sample.NewStream(), Key("User:1"));
        await AppendAsync(Sample.Append(stream, 0, Sample.Note()) with { Idempotency = record });

        (await AppendAsync(Sample.Append(stream, 0, Sample.Note()) with { Idempotency = record })).ShouldBeOfType<IdempotencyKeyTaken>();
    }

    [Fact]
    public async Task Of_100_appends_at_one_version_one_wins_and_99_get_a_typed_conflict()
    {
        var stream = Sample.NewStream();
        await AppendAsync(Sample.Append(stream, 0, Sample.Note()));

        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => AppendAsync(Sample.Append(stream, 1, Sample.Note())))));

        results.OfType<Appended>().Count().ShouldBe(1);
        results.OfType<VersionConflict>().ShouldAllBe(c => c == new VersionConflict(stream, 1, 2));
        results.OfType<VersionConflict>().Count().ShouldBe(99);
        (await Store.ReadStreamAsync(stream, 0, 9, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Of_50_first_appends_with_one_key_one_wins()
    {
        var record = Key("User:1");

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() =>
            AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note()) with { Idempotency = record }))));

        results.OfType<Appended>().Count().ShouldBe(1);
        results.OfType<IdempotencyKeyTaken>().Count().ShouldBe(49);
    }

    [Fact]
    public async Task The_same_append_sent_20_times_at_once_is_written_once()
    {
        var stream = Sample.NewStream();
        var append = Sample.Append(stream, 0, Sample.Notes(2));

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => AppendAsync(append))));

        results.Cast<Appended>().Count(a => !a.Repeated).ShouldBe(1);
        results.Cast<Appended>().Select(a => a.Position).Distinct().Count().ShouldBe(1);
        (await Store.ReadStreamAsync(stream, 0, 9, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_appends_refusal_never_fails_its_neighbours()
    {
        var (stream, reused) = (Sample.NewStream(), Sample.Note());
        await AppendAsync(Sample.Append(stream, 0, reused));
        var appends = Enumerable.Range(0, 300).Select(i => (i % 3) switch
        {
            0 => Sample.Append(Sample.Write(Sample.NewStream(), 0, Sample.Note()), Sample.Write(stream, 7, Sample.Note())),
            1 => Sample.Append(Sample.NewStream(), 0, i % 2 == 0 ? reused : Sample.Note()),
            _ => Sample.Append(Sample.NewStream(), 0, Sample.Notes(2)),
        });

        var results = await Task.WhenAll(appends.Select(append => Task.Run(() => AppendAsync(append))));

        results.OfType<VersionConflict>().Count().ShouldBe(100);
        results.OfType<EventIdReused>().Count().ShouldBe(50);
        results.OfType<Appended>().Count().ShouldBe(150);
        var log = await ReadAllAsync(3);
        log.Select(e => e.Id).ShouldBeUnique();
        log.GroupBy(e => e.Stream).ShouldAllBe(s => s.Select(e => e.Version).SequenceEqual(Enumerable.Range(1, s.Count()).Select(v => (long)v)));
    }

    [Fact]
    public async Task The_log_gives_every_event_once_in_an_order_that_respects_cause_and_streams()
    {
        var streams = Enumerable.Range(0, 8).Select(_ => Sample.NewStream()).ToList();
        await Task.WhenAll(streams.Select(stream => Task.Run(async () =>
        {
            for (var version = 0; version < 30; version++)
                (await AppendAsync(Sample.Append(stream, version, Sample.Note(number: version)))).ShouldBeOfType<Appended>();
        })));

        var log = (await ReadAllAsync(7)).Where(e => streams.Contains(e.Stream)).ToList();

        log.Count.ShouldBe(240);
        log.Select(e => e.Position.Value).ShouldBeInOrder(SortDirection.Ascending);
        log.Select(e => e.Position).ShouldBeUnique();
        foreach (var stream in log.GroupBy(e => e.Stream))
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, 30).Select(v => (long)v));
    }

    [Fact]
    public async Task What_can_never_be_stored_is_refused_before_anything_is_written()
    {
        var (stream, note) = (Sample.NewStream(), Sample.Note());

        await RefusedAsync(Sample.Append());
        await RefusedAsync(Sample.Append(stream, 0));
        await RefusedAsync(Sample.Append(stream, -1, note));
        await RefusedAsync(Sample.Append(new StreamId("sample-ü"), 0, note));
        await RefusedAsync(Sample.Append(new StreamId(new string('x', 101)), 0, note));
        await RefusedAsync(Sample.Append(stream, 0, note, note));
        await RefusedAsync(Sample.Append(Sample.Write(stream, 0, note), Sample.Write(stream, 1, Sample.Note())));
        await RefusedAsync(Sample.Append(stream, 0, note) with { Looks = [new(stream, 0)] });
        await RefusedAsync(Sample.Append(stream, 0, note) with { Looks = [new(Sample.NewStream(), -1)] });
        await RefusedAsync(Sample.Append(stream, 0, note) with { Outbox = [new(Sample.NewId(), "kind", "key", "\0", default)] });
        (await Store.ReadStreamAsync(stream, 0, 9, default)).ShouldBeEmpty();

        Task RefusedAsync(Append append) => Should.ThrowAsync<ArgumentException>(() => AppendAsync(append));
    }

    [Theory]
    [InlineData("nul \0 and \u0001")]
    [InlineData("quotes \" \\ / and lines \r\n\u2028")]
    [InlineData("grüße, 你好, 👋🏽")]
    public async Task Any_text_survives(string text)
    {
        var stream = Sample.NewStream();

        await Task.WhenAll(AppendAsync(Sample.Append(stream, 0, Sample.Note(text))), AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note())));

        (await Store.ReadStreamAsync(stream, 0, 9, default)).Single().Data.ShouldBe(new SampleNoted(text));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Pages_give_every_event_once_and_the_last_says_that_it_is(int page)
    {
        for (var i = 0; i < 3; i++)
            await AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note(), Sample.Note()));
        var expected = await ReadAllAsync(1000);

        List<LogPage> pages = [];
        await foreach (var read in Store.ReadPagesAsync(LogPosition.Start, page, default))
            pages.Add(read);

        pages.SelectMany(p => p.Events).Select(e => e.Position).ShouldBe(expected.Select(e => e.Position));
        pages.ShouldAllBe(p => p.Events.Count <= page && (p.Events.Count == 0 || p.Position == p.Events[p.Events.Count - 1].Position));
        pages.Select(p => p.AtEnd).ShouldBe([.. Enumerable.Repeat(false, pages.Count - 1), true]);
        pages[^1].Position.ShouldBe(expected[^1].Position);
    }

    protected Task<AppendResult> AppendAsync(Append append) => Store.AppendAsync(append, CancellationToken.None);

    protected async Task<List<StoredEvent>> ReadAllAsync(int page)
    {
        await Store.SettleAsync();
        var all = new List<StoredEvent>();
        LogPage read;
        do
        {
            read = await Store.ReadLogAsync(all.LastOrDefault()?.Position ?? LogPosition.Start, page, default);
            all.AddRange(read.Events);
        }
        while (!read.AtEnd);
        return all;
    }

    private static IdempotencyRecord Key(string actor) => new(actor, Sample.NewId().ToString(), [1, 2, 3], "{\"id\":1}");

    private static void Same(IdempotencyRecord actual, IdempotencyRecord expected)
    {
        actual.RequestHash.ShouldBe(expected.RequestHash);
        (actual with { RequestHash = expected.RequestHash }).ShouldBe(expected);
    }
}
