using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>
/// Bytes that no recording names are thrown away: those of uploads that were refused, or that ended between their bytes
/// and their event. An hour old, so that no upload is under way with them. Answers how many.
/// </summary>
public sealed record SweepMessageAudio : ICommand<int>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="SweepMessageAudio"/>.</summary>
public sealed class SweepMessageAudioHandler(AggregateReader reader, IMessageAudioStore store, CurrentCall call) : IRequestHandler<SweepMessageAudio, Result<int>>
{
    private const int PageSize = 500;
    private static readonly TimeSpan UnderWay = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task<Result<int>> Handle(SweepMessageAudio request, CancellationToken cancellationToken)
    {
        // What is to be thrown away is listed before the page is read from the log: whatever was accepted by then is on it.
        var (thrownAway, after) = (0, Guid.Empty);
        IReadOnlyList<Guid> kept;
        do
        {
            kept = await store.ListAsync(call.Now - UnderWay, PageSize, after, cancellationToken);
            var page = await reader.LoadFreshAsync(Aggregates.Settings, SettingsPages.Audio, cancellationToken);
            foreach (var orphan in kept.Except(page.State.Audio.Values.Select(a => a.ContentId)))
            {
                await store.DiscardAsync(orphan, cancellationToken);
                thrownAway++;
            }

            after = kept.Count == 0 ? after : kept[^1];
        }
        while (kept.Count == PageSize);
        return thrownAway;
    }
}
