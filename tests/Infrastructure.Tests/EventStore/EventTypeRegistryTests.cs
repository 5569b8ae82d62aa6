using System.Text.Json.Nodes;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.EventStore;

public sealed class EventTypeRegistryTests
{
    [EventType("sample.noted.v1")]
    private sealed record AlsoNoted : IDomainEvent;

    private sealed record Unnamed : IDomainEvent;

    [EventType("sample.retired.v1")]
    private sealed record Retired(string Words) : IDomainEvent;

    [EventType("sample.leaky.v1")]
    private sealed record Leaky(PersonalText Text) : IDomainEvent;

    [Fact]
    public void Two_types_with_one_name_are_refused() =>
        Should.Throw<InvalidOperationException>(() => new EventTypeRegistry([typeof(SampleNoted), typeof(AlsoNoted)]))
            .Message.ShouldContain("sample.noted.v1");

    [Fact]
    public void A_type_without_a_name_is_refused() =>
        Should.Throw<InvalidOperationException>(() => new EventTypeRegistry([typeof(Unnamed)])).Message.ShouldContain(nameof(Unnamed));

    [Fact]
    public void Upcasters_to_nowhere_in_a_circle_or_from_a_living_name_are_refused()
    {
        Upcaster To(string from, string to) => new(from, to, json => json);
        Should.Throw<InvalidOperationException>(() => new EventTypeRegistry([typeof(SampleNoted)], [To("a.v1", "b.v1")]));
        Should.Throw<InvalidOperationException>(() => new EventTypeRegistry([typeof(SampleNoted)], [To("a.v1", "b.v1"), To("b.v1", "a.v1")]));
        Should.Throw<InvalidOperationException>(() => new EventTypeRegistry([typeof(SampleNoted)], [To("sample.noted.v1", "sample.noted.v1")]));
    }

    [Fact]
    public async Task A_retired_event_is_read_as_its_newest_version_and_keeps_its_stored_name()
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        var (stream, written) = (Sample.NewStream(), new NewEvent(Sample.NewId(), new Retired("old words")));
        await using (var old = await LogNode.StartAsync(connectionString, new EventTypeRegistry([typeof(Retired)])))
            await old.Store.AppendAsync(Sample.Append(stream, 0, written), default);

        JsonObject Change(JsonObject json) => new() { ["text"] = json["words"]!.GetValue<string>(), ["number"] = 2 };
        var types = new EventTypeRegistry([typeof(SampleNoted)], [new("sample.retired.v1", "sample.noted.v0", Change), new("sample.noted.v0", "sample.noted.v1", json => json)]);
        await using var node = await LogNode.StartAsync(connectionString, types);

        var read = (await node.Store.ReadStreamAsync(stream, 0, 10, default)).Single();
        read.Data.ShouldBe(new SampleNoted("old words", 2));
        read.Type.ShouldBe("sample.retired.v1");
    }

    [Fact]
    public async Task An_unreadable_event_is_in_its_place_in_the_log_and_stops_a_reader_of_its_stream()
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await using var newer = await LogNode.StartAsync(connectionString, new EventTypeRegistry([typeof(SampleNoted), typeof(Retired)]));
        var unknown = new NewEvent(Sample.NewId(), new Retired("from the future"));
        await newer.Store.AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note()), default);
        var stream = Sample.NewStream();
        await newer.Store.AppendAsync(Sample.Append(stream, 0, Sample.Note(), unknown, Sample.Note()), default);
        await newer.Store.AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note()), default);
        await newer.Store.SettleAsync();
        await using var node = await LogNode.StartAsync(connectionString);

        var page = await node.Store.ReadLogAsync(LogPosition.Start, 100, default);
        page.AtEnd.ShouldBeTrue();
        // The marker of SettleAsync is the last.
        page.Events.Select(e => e.Data is UnreadableEvent).ShouldBe([false, false, true, false, false, false]);
        var told = page.Events[2];
        (told.Id, told.Type, told.Stream, told.Version, told.Metadata).ShouldBe((unknown.Id, "sample.retired.v1", stream, 2L, Sample.Metadata));
        (await node.Store.ReadStreamAsync(stream, 0, 10, default)).Count.ShouldBe(1);
        (await Should.ThrowAsync<UnreadableEventException>(() => node.Store.ReadStreamAsync(stream, 1, 10, default))).EventId.ShouldBe(unknown.Id);
    }

    [Fact]
    public async Task Data_that_lacks_what_its_type_needs_is_not_guessed()
    {
        var types = new EventTypeRegistry([typeof(SampleNoted)]);
        var serializer = new EventSerializer(types, null!);
        var row = new EventRow(1, "sample-1", 1, Sample.NewId(), "sample.noted.v1", "{\"number\":1}"u8.ToArray(), EventSerializer.WriteMetadata(Sample.Metadata), default);

        await Should.ThrowAsync<UnreadableEventException>(async () => await serializer.ReadAsync([row], default));
    }

    [Fact]
    public async Task Personal_text_in_an_event_that_names_no_consumer_is_refused()
    {
        await using var node = await LogNode.StartAsync(await PostgresFixture.CreateDatabaseAsync(), new EventTypeRegistry([typeof(Leaky)]));

        await Should.ThrowAsync<NotSupportedException>(() => node.Store.AppendAsync(
            Sample.Append(Sample.NewStream(), 0, new NewEvent(Sample.NewId(), new Leaky(new PersonalText("Ada")))), default));
    }
}
