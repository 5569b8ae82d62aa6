using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Infrastructure.Projections;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Projections;

public sealed class ProjectionRunnerTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private ProjectionNode node = null!;

    public async Task InitializeAsync() => node = await ProjectionNode.StartAsync(database.ConnectionString);

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task A_rebuild_gives_the_same_rows_and_readers_never_see_half_of_it()
    {
        var sessions = new SessionsProjection();
        var rows = node.Run(sessions);
        await Parallel.ForAsync(0, 200, async (number, _) =>
        {
            await node.AppendAsync(SessionStories.Stream(number), 0, SessionStories.Events(SessionStories.Waiting(number)));
            await node.AppendAsync(SessionStories.Stream(number), 2, SessionStories.Events(SessionStories.Connecting(number)));
            if (number % 3 > 0)
                await node.AppendAsync(SessionStories.Stream(number), 5, SessionStories.Events(SessionStories.Ending(number)));
        });
        await node.CatchUpAsync(rows);
        var before = await DumpAsync("sessions");
        using var reading = new CancellationTokenSource();
        var fewest = CountUntilAsync(rows, reading.Token);

        (await Control(sessions).RebuildAsync("sessions", CancellationToken.None)).ShouldBeTrue();
        await LiveGenerationAsync("sessions", 2);
        await reading.CancelAsync();

        (await DumpAsync("sessions")).ShouldBe(before);
        before.Count.ShouldBe(200);
        (await fewest).ShouldBe(200);
        (await ScalarAsync("select count(*) from pg_tables where schemaname = 'read_models' and tablename like 'sessions%'")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_rebuild_that_was_cut_off_half_way_is_finished_by_the_next_leader()
    {
        var notes = new NotesProjection("halves");
        await Parallel.ForAsync(0, 400, async (_, _) => await node.AppendAsync(Sample.NewStream(), 0, Sample.Notes(20)));
        await node.Log.Store.SettleAsync();
        await using var first = await ProjectionNode.StartAsync(database.ConnectionString);
        var rows = first.Run(notes, new ProjectionOptions { MaxBatch = 10 });
        await first.CatchUpAsync(rows);
        var before = await DumpAsync("halves");
        await Control(notes).RebuildAsync("halves", CancellationToken.None);
        var end = await node.Log.Store.ReadEndAsync(CancellationToken.None);
        await Eventually.TrueAsync(async () => await ScalarAsync(
            "select coalesce((select position from projection_checkpoints where name = 'halves' and generation = 2), 0)") is > 0L);
        await first.DisposeAsync();
        var cutOffAt = await ScalarAsync("select position from projection_checkpoints where name = 'halves' and generation = 2");

        await using var second = await ProjectionNode.StartAsync(database.ConnectionString);
        second.Run(notes);
        await LiveGenerationAsync("halves", 2);

        ((long)cutOffAt!).ShouldBeLessThan(end.Value);
        (await DumpAsync("halves")).ShouldBe(before);
    }

    [Fact]
    public async Task A_new_version_is_built_beside_the_old_one_and_takes_its_place()
    {
        await node.AppendAsync(Sample.NewStream(), 0, Sample.Note(number: 21));
        var old = node.Run(new NotesProjection("upgraded", version: 1));
        await node.CatchUpAsync(old);
        await using var upgraded = await ProjectionNode.StartAsync(database.ConnectionString);

        upgraded.Run(new NotesProjection("upgraded", version: 2));
        await Eventually.TrueAsync(async () => await ScalarAsync("select version from projection_checkpoints where name = 'upgraded' and live") is 2);

        (await old.SnapshotAsync([], CancellationToken.None)).Rows.ShouldContain(n => n.Sum == 42);
        await node.AppendAsync(Sample.NewStream(), 0, Sample.Note("after", 100));
        await Eventually.TrueAsync(async () => (await old.SnapshotAsync([], CancellationToken.None)).Rows.Any(n => n is { Text: "after", Sum: 200 }));
    }

    [Fact]
    public async Task A_poison_event_pauses_its_projection_alone_until_retried()
    {
        var poisoned = new NotesProjection("retried") { IsPoisoned = true };
        var rows = node.Run(poisoned);
        var others = node.Run(new NotesProjection("unharmed"));
        await node.CatchUpAsync(rows);
        var poison = Sample.Note($"poison {poisoned.Name}", 5);
        var stream = Sample.NewStream();
        await node.AppendAsync(stream, 0, Sample.Note("before", 1), poison, Sample.Note("after", 2));
        await node.CatchUpAsync(others);

        await Eventually.TrueAsync(async () => (await StatusAsync("retried")).Status == "paused");
        var error = (await StatusAsync("retried")).Error.ShouldNotBeNull();
        error.EventId.ShouldBe(poison.Id);
        error.EventType.ShouldBe("sample.noted.v1");
        error.Message.ShouldContain("cannot fold this");
        (await rows.FindAsync(stream.Value, CancellationToken.None)).ShouldNotBeNull().Sum.ShouldBe(1);
        (await StatusAsync("unharmed")).Status.ShouldBe("live");

        poisoned.IsPoisoned = false;
        (await Control(poisoned).RetryAsync("retried", CancellationToken.None)).ShouldBeTrue();
        await node.CatchUpAsync(rows);
        (await rows.FindAsync(stream.Value, CancellationToken.None)).ShouldNotBeNull().Sum.ShouldBe(8);
    }

    [Fact]
    public async Task A_skipped_poison_event_stays_skipped_in_a_rebuild()
    {
        var poisoned = new NotesProjection("skipped") { IsPoisoned = true };
        var rows = node.Run(poisoned);
        await node.CatchUpAsync(rows);
        var poison = Sample.Note($"poison {poisoned.Name}", 5);
        var stream = Sample.NewStream();
        await node.AppendAsync(stream, 0, Sample.Note("before", 1), poison, Sample.Note("after", 2));
        await Eventually.TrueAsync(async () => (await StatusAsync("skipped")).Status == "paused");

        (await Control(poisoned).SkipAsync("skipped", Sample.NewId(), "User:x", CancellationToken.None)).ShouldBeFalse();
        (await Control(poisoned).SkipAsync("skipped", poison.Id, "User:x", CancellationToken.None)).ShouldBeTrue();
        await node.CatchUpAsync(rows);

        (await rows.FindAsync(stream.Value, CancellationToken.None)).ShouldNotBeNull().Sum.ShouldBe(3);
        await Control(poisoned).RebuildAsync("skipped", CancellationToken.None);
        await LiveGenerationAsync("skipped", 2);
        (await rows.FindAsync(stream.Value, CancellationToken.None)).ShouldNotBeNull().Sum.ShouldBe(3);
    }

    [Fact]
    public async Task What_the_database_refuses_is_found_and_named_and_what_it_can_hold_is_kept()
    {
        var refused = new RefusedNotesProjection("refused");
        var rows = node.Run(refused);
        await node.CatchUpAsync(rows);
        var poison = Sample.Note("refused");
        var nul = Sample.NewStream();
        await node.AppendAsync(nul, 0, Sample.Note("a\0b"));
        await node.Log.Store.AppendAsync(
            Sample.Append(Sample.Write(Sample.NewStream(), 0, Sample.Notes(5)), Sample.Write(Sample.NewStream(), 0, poison), Sample.Write(Sample.NewStream(), 0, Sample.Notes(5))),
            CancellationToken.None);

        await Eventually.TrueAsync(async () => (await StatusAsync("refused")).Status == "paused");

        (await StatusAsync("refused")).Error.ShouldNotBeNull().EventId.ShouldBe(poison.Id);
        (await rows.FindAsync(nul.Value, CancellationToken.None)).ShouldNotBeNull().Text.ShouldBe("a\0b");
    }

    [Fact]
    public async Task What_the_database_refuses_is_found_behind_an_event_that_concerns_no_row()
    {
        var rows = node.Run(new RefusedNotesProjection("refused_behind"));
        await node.CatchUpAsync(rows);
        var (before, poison) = (Sample.NewStream(), Sample.Note("refused_behind"));
        var other = new NewEvent(Sample.NewId(), new SampleWritten(Sample.NewId(), new Domain.Abstractions.PersonalText("of no row"), 1));
        await node.Log.Store.AppendAsync(
            Sample.Append(
                Sample.Write(before, 0, Sample.Note("before")), Sample.Write(Sample.NewStream(), 0, other), Sample.Write(Sample.NewStream(), 0, poison),
                Sample.Write(Sample.NewStream(), 0, Sample.Note("after"))),
            CancellationToken.None);

        await Eventually.TrueAsync(async () => (await StatusAsync("refused_behind")).Status == "paused");

        (await StatusAsync("refused_behind")).Error.ShouldNotBeNull().EventId.ShouldBe(poison.Id);
        (await rows.FindAsync(before.Value, CancellationToken.None)).ShouldNotBeNull().Text.ShouldBe("before");
        (await rows.PositionAsync(CancellationToken.None)).Value.ShouldBe(
            await ScalarAsync($"select position from events where id = '{other.Id}'"));
    }

    [Fact]
    public async Task A_removed_row_is_gone_and_may_come_back()
    {
        var rows = node.Run(new NotesProjection("removed"));
        var stream = Sample.NewStream();
        await node.AppendAsync(stream, 0, Sample.Note(), Sample.Note());
        await node.CatchUpAsync(rows);
        await node.AppendAsync(stream, 2, Sample.Note("remove"));
        await node.CatchUpAsync(rows);
        (await rows.FindAsync(stream.Value, CancellationToken.None)).ShouldBeNull();

        await node.AppendAsync(stream, 3, Sample.Note("again"));
        await node.CatchUpAsync(rows);
        (await rows.FindAsync(stream.Value, CancellationToken.None)).ShouldNotBeNull().Count.ShouldBe(1);
    }

    private ProjectionControl Control(IProjection projection) => new(node.Log.DataSource, [projection], TimeProvider.System);

    private async Task<Application.Operations.ProjectionStatus> StatusAsync(string name) =>
        (await Control(new NotesProjection()).ListAsync(CancellationToken.None)).First(p => p.Name == name);

    private Task LiveGenerationAsync(string name, int generation) => Eventually.TrueAsync(
        async () => await ScalarAsync($"select generation from projection_checkpoints where name = '{name}' and live") is int live && live == generation);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = node.Log.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task<List<string>> DumpAsync(string name)
    {
        await using var command = node.Log.DataSource.CreateCommand($"select r::text from read_models.{name} r order by key");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private static async Task<int> CountUntilAsync<TView>(IReadModel<TView> rows, CancellationToken stop)
        where TView : class
    {
        var fewest = int.MaxValue;
        do
            fewest = Math.Min(fewest, (await rows.SnapshotAsync([], CancellationToken.None)).Rows.Count);
        while (!stop.IsCancellationRequested);
        return fewest;
    }

    /// <summary>Gives a null where the table takes none.</summary>
    private sealed class RefusedNotesProjection(string name) : Projection<NoteView>
    {
        private readonly NotesProjection inner = new();

        public override string Name => name;

        public override int Version => 1;

        public override IReadOnlyList<Column<NoteView>> Columns { get; } =
            [new("text", ColumnType.Text, n => n.Text == name ? null : n.Text, Required: true)];

        public override string? KeyOf(StoredEvent happened) => inner.KeyOf(happened);

        public override NoteView? Evolve(NoteView? view, StoredEvent happened) => inner.Evolve(view, happened);
    }
}
