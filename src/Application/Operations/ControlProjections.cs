using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Operations;

/// <summary>How the read models are doing.</summary>
public sealed record ListProjections : IQuery<IReadOnlyList<ProjectionStatus>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.OperationsRead, Target.Everything);
}

/// <summary>Tries the event at which a read model paused again: <c>projection.not_paused</c> if it is not.</summary>
/// <param name="Name">The read model.</param>
public sealed record RetryProjection(string Name) : ICommand<IReadOnlyList<ProjectionStatus>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.OperationsWrite, Target.Everything);
}

/// <summary>Leaves out the event at which a read model paused: <c>projection.not_paused</c> if it is not paused at that one.</summary>
/// <param name="Name">The read model.</param>
/// <param name="EventId">The event.</param>
public sealed record SkipProjectionEvent(string Name, Guid EventId) : ICommand<IReadOnlyList<ProjectionStatus>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.OperationsWrite, Target.Everything);
}

/// <summary>Builds a read model anew beside the live one, then switches: <c>projection.rebuild_running</c> if that is under way.</summary>
/// <param name="Name">The read model.</param>
public sealed record RebuildProjection(string Name) : ICommand<IReadOnlyList<ProjectionStatus>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.OperationsWrite, Target.Everything);
}

/// <summary>The shape of <see cref="SkipProjectionEvent"/>.</summary>
public sealed class SkipProjectionEventValidator : AbstractValidator<SkipProjectionEvent>
{
    /// <summary>Its rules.</summary>
    public SkipProjectionEventValidator() => RuleFor(r => r.EventId).NotEmpty();
}

/// <summary>Answers all four.</summary>
public sealed class ControlProjectionsHandler(IProjectionControl control, UnitOfWork work, CurrentCall call) :
    IRequestHandler<ListProjections, Result<IReadOnlyList<ProjectionStatus>>>,
    IRequestHandler<RetryProjection, Result<IReadOnlyList<ProjectionStatus>>>,
    IRequestHandler<SkipProjectionEvent, Result<IReadOnlyList<ProjectionStatus>>>,
    IRequestHandler<RebuildProjection, Result<IReadOnlyList<ProjectionStatus>>>
{
    private static readonly ConflictError NotPaused = new("projection.not_paused", "It is not paused, or not at this event.");
    private static readonly ConflictError Running = new("projection.rebuild_running", "It is being rebuilt already.");
    private static readonly NotFoundError Unknown = new("projection.not_found", "There is no such read model.");

    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<ProjectionStatus>>> Handle(ListProjections request, CancellationToken cancellationToken) =>
        Result<IReadOnlyList<ProjectionStatus>>.Ok(await control.ListAsync(cancellationToken));

    /// <inheritdoc/>
    public Task<Result<IReadOnlyList<ProjectionStatus>>> Handle(RetryProjection request, CancellationToken cancellationToken) =>
        ChangeAsync(request.Name, () => control.RetryAsync(request.Name, cancellationToken), NotPaused, new ProjectionRetried(request.Name, call.Now), cancellationToken);

    /// <inheritdoc/>
    public Task<Result<IReadOnlyList<ProjectionStatus>>> Handle(SkipProjectionEvent request, CancellationToken cancellationToken)
    {
        var actor = call.Context.Caller.Actor;
        return ChangeAsync(
            request.Name, () => control.SkipAsync(request.Name, request.EventId, $"{actor.Kind}:{actor.Id}", cancellationToken), NotPaused,
            new ProjectionEventSkipped(request.Name, request.EventId, call.Now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Result<IReadOnlyList<ProjectionStatus>>> Handle(RebuildProjection request, CancellationToken cancellationToken) =>
        ChangeAsync(request.Name, () => control.RebuildAsync(request.Name, cancellationToken), Running, new ProjectionRebuildStarted(request.Name, call.Now), cancellationToken);

    private async Task<Result<IReadOnlyList<ProjectionStatus>>> ChangeAsync(
        string name, Func<Task<bool>> change, DomainError refusal, IDomainEvent done, CancellationToken cancellationToken)
    {
        if ((await OfAsync(name, cancellationToken)).Count == 0)
            return Unknown;
        call.Subject = $"projection-{name}";
        if (!await change())
            return refusal;
        // It is done, whoever hangs up now: it must be in the trail.
        var operation = new Versioned<ProjectionOperation>(ProjectionOperation.Type.Stream(call.Context.CommandId), ProjectionOperation.Type.Initial, Version: 0);
        work.Append(ProjectionOperation.Type, operation, [done]);
        var written = await work.CommitAsync(operation, CancellationToken.None);
        return written.IsOk ? Result<IReadOnlyList<ProjectionStatus>>.Ok(await OfAsync(name, cancellationToken)) : written.Error;
    }

    private async Task<IReadOnlyList<ProjectionStatus>> OfAsync(string name, CancellationToken cancellationToken) =>
        [.. (await control.ListAsync(cancellationToken)).Where(p => p.Name == name)];
}
