using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using MediatR;

namespace ContactCenter.Application.Operations;

/// <summary>How the background jobs are doing.</summary>
public sealed record ListJobs : IQuery<IReadOnlyList<JobStatus>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.OperationsRead, Target.Everything);
}

/// <summary>Answers <see cref="ListJobs"/>.</summary>
public sealed class ListJobsHandler(IJobs jobs) : IRequestHandler<ListJobs, Result<IReadOnlyList<JobStatus>>>
{
    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<JobStatus>>> Handle(ListJobs request, CancellationToken cancellationToken) =>
        Result<IReadOnlyList<JobStatus>>.Ok(await jobs.ListAsync(cancellationToken));
}
