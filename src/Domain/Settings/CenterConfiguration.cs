using System.Collections.Frozen;
using System.Collections.Immutable;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Settings;

/// <summary>
/// Everything that decides where a contact goes, as one immutable value: the settings and every queue. It is the fold of
/// their events in log order, kept in memory on every node; rules that look at several queues or pages at once are
/// checked on it (<see cref="ConfigurationRules"/>).
/// </summary>
public sealed record CenterConfiguration
{
    /// <summary>Before the first event.</summary>
    public static CenterConfiguration Initial { get; } = new();

    /// <summary>How often the configuration was changed: the version of its stream.</summary>
    public long Revision { get; init; }

    /// <summary>The center's settings.</summary>
    public CenterSettings Settings { get; init; } = CenterSettings.Initial;

    /// <summary>Every queue, archived ones too.</summary>
    public ImmutableDictionary<Guid, Queue> Queues { get; init; } = ImmutableDictionary<Guid, Queue>.Empty;

    /// <summary>Computed when first asked for, by whoever asks first.</summary>
    private FrozenSet<Guid>? parents;

    private CompiledHours? Global { get; init; }

    private ImmutableDictionary<Channel, CompiledHours> OfChannel { get; init; } = ImmutableDictionary<Channel, CompiledHours>.Empty;

    private IReadOnlyList<InLanguage> OfLanguage { get; init; } = [];

    private ImmutableDictionary<Guid, CompiledHours> OfQueue { get; init; } = ImmutableDictionary<Guid, CompiledHours>.Empty;

    /// <summary>Whether an event can change the configuration.</summary>
    public static bool Matters(IDomainEvent happened) => happened is SettingsEvent or QueueEvent or ConfigurationRevised;

    /// <summary>The configuration after one more event; those it does not need change nothing.</summary>
    public CenterConfiguration Apply(IDomainEvent happened) => happened switch
    {
        ConfigurationRevised e => this with { Revision = e.Revision },
        HoursOfOperationSet e => (this with { Settings = Settings.Apply(e) }).WithHours(e.Hours),
        SettingsEvent e => this with { Settings = Settings.Apply(e) },
        QueueEvent e => WithQueue(e),
        _ => this,
    };

    /// <summary>The hours that apply, and whose they are; the most specific that is set (AHD-1).</summary>
    /// <param name="queueId">The queue, or null for contacts of no queue in particular.</param>
    /// <param name="channel">The channel, or null for contacts of no channel in particular.</param>
    /// <param name="language">BCP 47.</param>
    /// <returns>Null hours where nothing is set: always open.</returns>
    public (CompiledHours? Hours, Rule Level) HoursOf(Guid? queueId, Channel? channel, string language)
    {
        if (queueId is { } ofQueue && OfQueue.TryGetValue(ofQueue, out var hours))
            return (hours, Rule.QueueHours);
        if (channel is { } ofChannel && OfChannel.TryGetValue(ofChannel, out hours))
            return (hours, Rule.ChannelHours);
        if (Languages.Best(language, byDefault: null, OfLanguage) is { } ofLanguage)
            return (ofLanguage.Hours, Rule.LanguageHours);
        return Global is null ? (null, Rule.NoHours) : (Global, Rule.GlobalHours);
    }

    /// <summary>The language of somebody who names one, or the center's default.</summary>
    /// <param name="asked">BCP 47, or null.</param>
    public string LanguageOf(string? asked) => asked ?? Settings.Center.DefaultLanguage;

    /// <summary>Whether contacts of any language can ever find the queue closed.</summary>
    public bool IsEverClosed(Queue queue)
    {
        if (OfQueue.TryGetValue(queue.Id, out var hours) || OfChannel.TryGetValue(queue.Channel, out hours))
            return !hours.IsAlwaysOpen;
        return Global is { IsAlwaysOpen: false } || OfLanguage.Any(l => !l.Hours.IsAlwaysOpen);
    }

    /// <summary>Whether a language is enabled or has hours of its own, or its base is or has.</summary>
    /// <param name="language">BCP 47.</param>
    public bool Knows(string language) =>
        Settings.Center.Languages.Concat(OfLanguage.Select(l => l.Language)).Any(known => Languages.IsFor(language, known));

    /// <summary>How long a session of a queue may wait or be connected before it is stuck (END-4).</summary>
    public TimeSpan StuckAfter(Guid queueId) => Settings.Monitoring.StuckAfter(Queues.GetValueOrDefault(queueId));

    /// <summary>The queue, if it is there and not archived.</summary>
    public Queue? FindLive(Guid queueId) => Queues.TryGetValue(queueId, out var queue) && !queue.IsArchived ? queue : null;

    /// <summary>Whether the queue is chosen from the menu, as it has no live queue below it; the others lead on.</summary>
    public bool IsLeaf(Guid queueId) =>
        !(parents ??= Queues.Values.Where(q => q is { ParentId: not null, IsArchived: false }).Select(q => q.ParentId!.Value).ToFrozenSet()).Contains(queueId);

    /// <summary>The queues directly below one, archived ones too.</summary>
    public IEnumerable<Queue> ChildrenOf(Guid queueId) => Queues.Values.Where(q => q.ParentId == queueId);

    /// <summary>Whether a queue is another or stands anywhere below it.</summary>
    public bool IsWithin(Guid queueId, Guid otherId)
    {
        for (Guid? at = queueId; at is { } id; at = Queues.GetValueOrDefault(id)?.ParentId)
        {
            if (id == otherId)
                return true;
        }

        return false;
    }

    private CenterConfiguration WithHours(HoursOfOperation hours) => this with
    {
        Global = hours.Global is null ? null : CompiledHours.Of(hours.Global),
        OfChannel = hours.Channels.ToImmutableDictionary(c => c.Channel, c => CompiledHours.Of(c.Hours)),
        OfLanguage = [.. hours.Languages.Select(l => new InLanguage(l.Language, CompiledHours.Of(l.Hours)))],
    };

    private CenterConfiguration WithQueue(QueueEvent happened)
    {
        var queues = Queues.SetItem(happened.QueueId, Queues.GetValueOrDefault(happened.QueueId, Queue.Initial).Apply(happened));
        return happened is QueueHoursSet set
            ? this with { Queues = queues, parents = null, OfQueue = set.Hours is null ? OfQueue.Remove(set.QueueId) : OfQueue.SetItem(set.QueueId, CompiledHours.Of(set.Hours)) }
            : this with { Queues = queues, parents = null };
    }

    private sealed record InLanguage(string Language, CompiledHours Hours) : IInLanguage;
}
