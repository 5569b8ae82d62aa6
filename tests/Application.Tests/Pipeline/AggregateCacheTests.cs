using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Tests.Pipeline;

public sealed class AggregateCacheTests
{
    private static readonly StreamId Stream = new("test-1");

    private readonly AggregateCache cache = new();

    [Fact]
    public void A_state_put_after_a_newer_version_was_told_does_not_come_back()
    {
        cache.Outdate(Stream, 2);

        cache.Put(new Versioned<string>(Stream, "first", 1), cache.Era);

        cache.Find<string>(Stream).ShouldBeNull();
    }

    [Fact]
    public void The_state_of_the_version_that_was_told_is_kept_and_stays_when_it_is_told_again()
    {
        cache.Put(new Versioned<string>(Stream, "first", 1), cache.Era);
        cache.Outdate(Stream, 2);
        cache.Find<string>(Stream).ShouldBeNull();

        cache.Put(new Versioned<string>(Stream, "second", 2), cache.Era);
        cache.Outdate(Stream, 2);

        cache.Find<string>(Stream).ShouldBe(new Versioned<string>(Stream, "second", 2));
    }

    [Fact]
    public void A_state_that_is_out_of_date_is_kept_to_be_folded_on_from()
    {
        cache.Put(new Versioned<string>(Stream, "first", 1), cache.Era);
        cache.Outdate(Stream, 3);
        cache.FindEarlier<string>(Stream).ShouldBe(new Versioned<string>(Stream, "first", 1));

        cache.Put(new Versioned<string>(Stream, "second", 2), cache.Era);
        cache.Find<string>(Stream).ShouldBeNull();
        cache.FindEarlier<string>(Stream).ShouldBe(new Versioned<string>(Stream, "second", 2));
    }

    [Fact]
    public void A_state_whose_reading_began_before_the_cache_was_cleared_is_not_found()
    {
        var before = cache.Era;
        cache.Put(new Versioned<string>(Stream, "first", 1), before);
        cache.Clear();
        cache.Find<string>(Stream).ShouldBeNull();

        cache.Put(new Versioned<string>(Stream, "first", 1), before);
        cache.Find<string>(Stream).ShouldBeNull();

        cache.Put(new Versioned<string>(Stream, "first", 1), cache.Era);
        cache.Find<string>(Stream).ShouldBe(new Versioned<string>(Stream, "first", 1));
    }

    [Fact]
    public void A_version_that_was_told_is_remembered_across_generations()
    {
        var small = new AggregateCache(generationSize: 1);
        small.Put(new Versioned<string>(Stream, "first", 1), small.Era);
        small.Outdate(Stream, 2);
        // Ages at random, so by far more than enough to age once, and each look keeps the stream from being dropped.
        for (var i = 0; i < 2_000; i++)
        {
            small.Put(new Versioned<string>(new StreamId($"other-{i}"), "other", 1), small.Era);
            small.Put(new Versioned<string>(Stream, "first", 1), small.Era);
            small.Find<string>(Stream).ShouldBeNull();
        }
    }
}
