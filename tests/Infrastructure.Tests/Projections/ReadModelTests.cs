using ContactCenter.Application.Projections;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Projections;

public sealed class ReadModelTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly NotesProjection notes = new();
    private ProjectionNode node = null!;
    private IReadModel<NoteView> rows = null!;

    public async Task InitializeAsync()
    {
        node = await ProjectionNode.StartAsync(database.ConnectionString);
        rows = node.Run(notes);
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("even", false)]
    [InlineData("even", true)]
    [InlineData("at", true)]
    [InlineData("count", false)]
    public async Task Paging_gives_each_row_once_in_order_while_others_are_inserted(string? sort, bool descending)
    {
        var mark = Sample.NewId().ToString();
        var before = new List<string>();
        for (var number = 0; number < 57; number++)
        {
            var stream = Sample.NewStream();
            before.Add(stream.Value);
            await node.AppendAsync(stream, 0, Sample.Note(mark, number % 7));
        }

        await node.CatchUpAsync(rows);
        var seen = new List<NoteView>();
        string? cursor = null;
        do
        {
            var page = await rows.QueryAsync(new ReadQuery([new("text", FilterOperator.Is, mark)], sort, descending, 10, cursor), CancellationToken.None);
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
            await node.AppendAsync(Sample.NewStream(), 0, Sample.Note(mark, 3), Sample.Note(mark, 2));
            await node.CatchUpAsync(rows);
        }
        while (cursor is not null);

        var streams = seen.ConvertAll(n => n.Stream);
        streams.Distinct().Count().ShouldBe(streams.Count);
        before.ShouldBeSubsetOf(streams);
        IEnumerable<NoteView> expected = sort switch
        {
            null => seen.OrderBy(n => n.Stream, StringComparer.Ordinal),
            "even" => seen.OrderBy(n => n.Sum % 2 == 0 ? n.Sum : long.MaxValue).ThenBy(n => n.Stream, StringComparer.Ordinal),
            "at" => seen.OrderBy(n => n.At).ThenBy(n => n.Stream, StringComparer.Ordinal),
            _ => seen.OrderBy(n => n.Count).ThenBy(n => n.Stream, StringComparer.Ordinal),
        };
        streams.ShouldBe([.. (descending ? expected.Reverse() : expected).Select(n => n.Stream)]);
    }

    [Fact]
    public async Task A_cursor_of_another_list_or_of_nobody_is_refused()
    {
        for (var number = 0; number < 3; number++)
            await node.AppendAsync(Sample.NewStream(), 0, Sample.Note("cursor", number));
        await node.CatchUpAsync(rows);
        var query = new ReadQuery([new("text", FilterOperator.Is, "cursor")], "at", Descending: false, 2, Cursor: null);
        var cursor = (await rows.QueryAsync(query, CancellationToken.None)).NextCursor.ShouldNotBeNull();

        (await rows.QueryAsync(query with { Cursor = cursor }, CancellationToken.None)).Items.Count.ShouldBe(1);
        foreach (var wrong in new[]
        {
            query with { Cursor = cursor, SortBy = "count" }, query with { Cursor = cursor, Descending = true },
            query with { Cursor = cursor, Filters = [] }, query with { Cursor = cursor + "A" }, query with { Cursor = (cursor[0] == 'A' ? 'B' : 'A') + cursor[1..] },
            query with { Cursor = "" }, query with { Cursor = "%%%" }, query with { Cursor = "e30" },
        })
            await Should.ThrowAsync<InvalidCursorException>(() => rows.QueryAsync(wrong, CancellationToken.None));
    }

    [Fact]
    public async Task Search_takes_wildcards_and_quotes_for_what_they_are()
    {
        foreach (var text in new[] { "100% Sure", "100 sure", "a_b", "aXb", "it's", "back\\slash" })
            await node.AppendAsync(Sample.NewStream(), 0, Sample.Note(text));
        await node.CatchUpAsync(rows);

        (await FindAsync("100% s")).ShouldBe(["100% Sure"]);
        (await FindAsync("a_b")).ShouldBe(["a_b"]);
        (await FindAsync("IT'S")).ShouldBe(["it's"]);
        (await FindAsync("k\\s")).ShouldBe(["back\\slash"]);
        await Should.ThrowAsync<ArgumentException>(() => rows.SnapshotAsync([new("text; drop table events", FilterOperator.Is, "x")], CancellationToken.None));
    }

    private async Task<IEnumerable<string?>> FindAsync(string text)
    {
        var (_, found) = await rows.SnapshotAsync([new("text", FilterOperator.Contains, text)], CancellationToken.None);
        return found.Select(n => n.Text);
    }
}
