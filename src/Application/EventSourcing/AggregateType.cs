using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.EventSourcing;

/// <summary>How one kind of aggregate is kept: its streams' category and its fold.</summary>
/// <typeparam name="TState">Its state.</typeparam>
/// <param name="Category">The category of its streams.</param>
/// <param name="Initial">The state before the first event.</param>
/// <param name="Apply">The state after one more event.</param>
public sealed record AggregateType<TState>(string Category, TState Initial, Func<TState, IDomainEvent, TState> Apply)
    where TState : class
{
    /// <summary>The stream of one of them.</summary>
    public StreamId Stream(Guid id) => StreamId.For(Category, id);
}

/// <summary>A state and the version it is the fold of.</summary>
/// <typeparam name="TState">The state.</typeparam>
/// <param name="Stream">Whose.</param>
/// <param name="State">The fold.</param>
/// <param name="Version">The stream's version; 0 before the first event.</param>
public sealed record Versioned<TState>(StreamId Stream, TState State, long Version)
    where TState : class;
