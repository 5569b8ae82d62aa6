using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Audit;

/// <summary>Every fact of one stream, as it was at an instant (ADM-2); the text in it for <see cref="SessionReaders.OfStream"/> only.</summary>
/// <param name="Stream">The stream's whole name: <c>queue-0192f3a0-…</c>.</param>
/// <param name="AsOf">Facts recorded later are left out; null for all.</param>
public sealed record GetStream(string Stream, DateTimeOffset? AsOf) : IQuery<ReadableEvents>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.AuditRead, Target.Everything);
}

/// <summary>The shape of <see cref="GetStream"/>.</summary>
public sealed class GetStreamValidator : AbstractValidator<GetStream>
{
    /// <summary>Its rules.</summary>
    public GetStreamValidator()
    {
        RuleFor(r => r.Stream).Matches("^[a-z_]{1,40}-[0-9a-f-]{36}\\z").WithMessage("Must be a stream's name: a category, a dash and an id.");
    }
}

/// <summary>Reads the stream from the log itself.</summary>
public sealed class GetStreamHandler(IEventStore store, Authorizer authorizer, CurrentCall call) : IRequestHandler<GetStream, Result<ReadableEvents>>
{
    private const int PageSize = 1000;

    /// <inheritdoc/>
    public async Task<Result<ReadableEvents>> Handle(GetStream request, CancellationToken cancellationToken)
    {
        var stream = new StreamId(request.Stream);
        List<StoredEvent> found = [];
        IReadOnlyList<StoredEvent> page;
        do
        {
            page = await store.ReadStreamAsync(stream, found.Count == 0 ? 0 : found[^1].Version, PageSize, cancellationToken);
            found.AddRange(page);
        }
        while (page.Count == PageSize);

        if (request.AsOf is { } asOf)
            found.RemoveAll(happened => happened.RecordedAt > asOf);
        return found.Count == 0
            ? new NotFoundError("stream.not_found", "There is no such stream, or it was not there yet.")
            : new ReadableEvents(found, await authorizer.RefusalAsync(call.Context.Caller, SessionReaders.OfStream(stream), cancellationToken) is null);
    }
}
