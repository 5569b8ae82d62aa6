using ContactCenter.Application.EventSourcing;
using ContactCenter.Infrastructure.Projections;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Projections;

public sealed class ProjectionLeaseTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private ProjectionNode one = null!;
    private ProjectionNode two = null!;

    public async Task InitializeAsync()
    {
        one = await ProjectionNode.StartAsync(database.ConnectionString);
        two = await ProjectionNode.StartAsync(database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public async Task A_lease_is_held_once_and_taken_over_within_ten_seconds_of_its_session_s_end()
    {
        var holders = 0;
        var most = 0;
        var terms = 0;
        async Task Work(CancellationToken token)
        {
            most = Math.Max(most, Interlocked.Increment(ref holders));
            Interlocked.Increment(ref terms);
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            Interlocked.Decrement(ref holders);
        }

        var running = new[] { one.Leases.RunWhileLeaderAsync("once", Work, one.Stopping), two.Leases.RunWhileLeaderAsync("once", Work, two.Stopping) };
        await Eventually.TrueAsync(() => terms == 1);

        await KillHoldersAsync();

        await Eventually.TrueAsync(() => terms == 2, TimeSpan.FromSeconds(10));
        await one.DisposeAsync();
        await two.DisposeAsync();
        await Task.WhenAll(running);
        holders.ShouldBe(0);
    }

    [Fact]
    public async Task Leaders_that_are_killed_again_and_again_write_every_row_once()
    {
        var rows = one.Run(new NotesProjection("contested"));
        two.Run(new NotesProjection("contested"));
        var streams = Enumerable.Range(0, 20).Select(_ => Sample.NewStream()).ToList();
        var appending = Parallel.ForEachAsync(streams, async (stream, _) =>
        {
            for (var version = 0; version < 100; version++)
                await one.AppendAsync(stream, version, Sample.Note(number: 1));
        });
        for (var kills = 0; kills < 3; kills++)
        {
            await Eventually.TrueAsync(async () => await HoldersAsync() > 0);
            await KillHoldersAsync();
        }

        await appending;
        await one.CatchUpAsync(rows);

        var (_, all) = await rows.SnapshotAsync([], CancellationToken.None);
        all.Count.ShouldBe(20);
        all.ShouldAllBe(n => n.Count == 100 && n.Sum == 100);
    }

    [Fact]
    public async Task Who_has_been_taken_over_from_writes_nothing_any_more()
    {
        var notes = new NotesProjection("fenced");
        var id = new TableId("fenced", 1, 1);
        var table = new ProjectionTable<NoteView>(notes, id);
        var checkpoints = new ProjectionCheckpoints(one.Log.DataSource);
        await checkpoints.AddFirstAsync("fenced", 1, CancellationToken.None);
        await table.EnsureAsync(one.Log.DataSource, CancellationToken.None);
        var before = (await checkpoints.ClaimAsync(id, CancellationToken.None)).ShouldNotBeNull();
        var after = (await checkpoints.ClaimAsync(id, CancellationToken.None)).ShouldNotBeNull();
        var row = new Dictionary<string, NoteView?> { ["x"] = new("x", "text", 1, 1, DateTimeOffset.UnixEpoch) };

        (await table.WriteAsync(one.Log.DataSource, row, new LogPosition(7), before.Fence, CancellationToken.None)).ShouldBeFalse();
        (await table.LoadAsync(one.Log.DataSource, ["x"], CancellationToken.None)).ShouldBeEmpty();
        (await checkpoints.TrySwitchAsync(before, CancellationToken.None)).ShouldBeFalse();
        (await table.WriteAsync(one.Log.DataSource, row, new LogPosition(7), after.Fence, CancellationToken.None)).ShouldBeTrue();
        (await table.LoadAsync(one.Log.DataSource, ["x"], CancellationToken.None)).ShouldContainKey("x");
    }

    private const string Holders =
        "from pg_locks l join pg_stat_activity a on a.pid = l.pid where l.locktype = 'advisory' and l.granted and a.application_name = 'contactcenter-leases' and a.datname = current_database()";

    private Task<long> KillHoldersAsync() => ScalarAsync($"select count(pg_terminate_backend(pid)) from (select distinct a.pid {Holders}) h");

    private Task<long> HoldersAsync() => ScalarAsync($"select count(*) {Holders}");

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
