using System.Collections.Immutable;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Queues;

/// <summary>The rules of a queue's configuration: one that cannot be carried out is refused.</summary>
public static partial class QueueDecider
{
    /// <summary>A node of one channel's menu is created, at the root or under a queue of the same channel.</summary>
    public static Decision<QueueEvent> Create(
        Queue q, Guid queueId, string name, Channel channel, Queue? parent, IReadOnlyList<Guid> teamIds, DateTimeOffset now)
    {
        if (q.Exists)
            return Decision<QueueEvent>.Nothing;
        if (WhyNotName(name) is { } refusal)
            return refusal;
        if (!Enum.IsDefined(channel))
            return ValidationError.Field("channel", "Must be ivr, mobile, web or sms.");
        if (parent is not null && WhyNotUnder(parent, channel) is { } parentRefusal)
            return parentRefusal;

        return new QueueCreated(queueId, name.Trim(), channel, PathOf(name, parent), parent?.Id, [.. teamIds.Distinct()], now);
    }

    /// <summary>The queue gets another name, and with it the last part of its path.</summary>
    public static Decision<QueueEvent> Rename(Queue q, string name, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        if (WhyNotName(name) is { } nameRefusal)
            return nameRefusal;
        return Renamed(q, name.Trim(), q.Path.SetItem(q.Path.Length - 1, name.Trim()), now);
    }

    /// <summary>The menu shows these names to those who speak these languages, and the queue's name to all others.</summary>
    public static Decision<QueueEvent> Translate(Queue q, IReadOnlyList<LocalName> names, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        var faults = new FieldFaults();
        if (names.Count > SettingsDecider.MaxLanguages)
            faults.Add("names", $"A queue has names in at most {SettingsDecider.MaxLanguages} languages.");
        foreach (var (i, name) in names.Take(SettingsDecider.MaxLanguages).Index())
        {
            faults.Language($"names[{i}].language", name?.Language);
            faults.Text($"names[{i}].name", name?.Name, 100);
        }

        faults.Different(names.Select(n => n?.Language), i => $"names[{i}].language");
        if (faults.Error is { } invalid)
            return invalid;
        var translated = new QueueTranslated(q.Id, [.. names.Select(n => n with { Name = n.Name.Trim() })], now);
        return q.Apply(translated).Names.SequenceEqual(q.Names) ? Decision<QueueEvent>.Nothing : translated;
    }

    /// <summary>The parent's path changed: the path below it follows, of archived queues too. Appended together with the parent's.</summary>
    public static Decision<QueueEvent> FollowParent(Queue q, Queue parent, DateTimeOffset now)
    {
        if (!q.Exists)
            return QueueErrors.NotFound;
        return q.ParentId == parent.Id ? Renamed(q, q.Name, [.. PathOf(q.Name, parent)], now) : QueueErrors.ParentNotFound;
    }

    /// <summary>
    /// The queue takes no new sessions; those in it are served. Refused while others stand below it or deflect to it, and while
    /// calls of it are booked, which nobody would be called for (ADR 0039).
    /// </summary>
    /// <param name="q">The queue.</param>
    /// <param name="center">The configuration it is part of.</param>
    /// <param name="booked">How many calls of it are booked from now on.</param>
    /// <param name="now">The time.</param>
    public static Decision<QueueEvent> Archive(Queue q, CenterConfiguration center, int booked, DateTimeOffset now)
    {
        if (!q.Exists)
            return QueueErrors.NotFound;
        if (q.IsArchived)
            return Decision<QueueEvent>.Nothing;
        if (center.ChildrenOf(q.Id).Any(below => !below.IsArchived))
            return QueueErrors.HasChildren;
        return ConfigurationRules.WhyNotArchived(center, q.Id, booked) is { } inUse ? inUse : new QueueArchived(q.Id, now);
    }

    /// <summary>The queue stands under another node of its channel's menu, or at the root; never under itself.</summary>
    /// <param name="q">The queue.</param>
    /// <param name="parent">The node above from now on, or null.</param>
    /// <param name="isBelow">Whether that node is the queue itself or below it.</param>
    /// <param name="now">The time.</param>
    public static Decision<QueueEvent> Move(Queue q, Queue? parent, bool isBelow, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        if (parent is not null && WhyNotUnder(parent, q.Channel) is { } parentRefusal)
            return parentRefusal;
        if (isBelow)
            return QueueErrors.UnderItself;
        return q.ParentId == parent?.Id ? Decision<QueueEvent>.Nothing : new QueueMoved(q.Id, parent?.Id, PathOf(q.Name, parent), now);
    }

    /// <summary>Other teams are responsible for the queue; with none, no team is.</summary>
    public static Decision<QueueEvent> AssignTeams(Queue q, IReadOnlyList<Guid> teamIds, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        return teamIds.ToHashSet().SetEquals(q.TeamIds) ? Decision<QueueEvent>.Nothing : new QueueTeamsAssigned(q.Id, [.. teamIds.Distinct()], now);
    }

    /// <summary>An agent takes sessions of this queue.</summary>
    public static Decision<QueueEvent> AddMember(Queue q, Guid agentId, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        return q.Members.Contains(agentId) ? Decision<QueueEvent>.Nothing : new QueueMemberAdded(q.Id, agentId, now);
    }

    /// <summary>An agent no longer takes sessions of this queue.</summary>
    public static Decision<QueueEvent> RemoveMember(Queue q, Guid agentId, DateTimeOffset now)
    {
        if (!q.Exists)
            return QueueErrors.NotFound;
        return q.Members.Contains(agentId) ? new QueueMemberRemoved(q.Id, agentId, now) : Decision<QueueEvent>.Nothing;
    }

    /// <summary>Other rules for offering and finishing apply from now on.</summary>
    public static Decision<QueueEvent> ConfigureHandling(Queue q, HandlingRules handling, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        var faults = new FieldFaults();
        faults.Range("offerTimeoutSeconds", handling.OfferTimeoutSeconds, 5, 3_600);
        faults.Range("wrapUpSeconds", handling.WrapUpSeconds, 0, 3_600);
        if (handling.StuckAfterMinutes is < 1 or > MonitoringRules.MostStuckMinutes)
            faults.Add("stuckAfterMinutes", $"Must be from 1 to {MonitoringRules.MostStuckMinutes}, or absent for the center's.");
        if (handling.ServiceLevelSeconds is { } target && !MonitoringRules.ServiceTargets.Contains(target))
            faults.Add("serviceLevelSeconds", $"Must be one of {string.Join(", ", MonitoringRules.ServiceTargets)}, or absent for the center's.");
        if (faults.Error is { } invalid)
            return invalid;
        return q.Handling == handling ? Decision<QueueEvent>.Nothing : new QueueHandlingConfigured(q.Id, handling, now);
    }

    /// <summary>Another whisper applies from now on (NOT-3).</summary>
    public static Decision<QueueEvent> ConfigureWhisper(Queue q, WhisperRules whisper, DateTimeOffset now)
    {
        if (WhyNotChangeable(q) is { } refusal)
            return refusal;
        var faults = new FieldFaults();
        if (whisper.Speed is not (>= 0.5 and <= 2))
            faults.Add("speed", "Must be from 0.5 to 2.");
        if (whisper.WhisperText is not null && (string.IsNullOrWhiteSpace(whisper.WhisperText) || whisper.WhisperText.Length > 500))
            faults.Add("whisperText", "Must have 1 to 500 characters, or be absent for the default.");
        if (faults.Error is { } invalid)
            return invalid;
        if (q.Whisper == whisper)
            return Decision<QueueEvent>.Nothing;
        return whisper.WhisperEnabled && !q.TakesCalls ? QueueErrors.TakesNoCalls : new QueueWhisperConfigured(q.Id, whisper, now);
    }

    private static Decision<QueueEvent> Renamed(Queue q, string name, ImmutableArray<string> path, DateTimeOffset now) =>
        q.Path.SequenceEqual(path, StringComparer.Ordinal) ? Decision<QueueEvent>.Nothing : new QueueRenamed(q.Id, name, path, now);

    private static IReadOnlyList<string> PathOf(string name, Queue? parent) => [.. parent?.Path ?? [], name.Trim()];

    private static DomainError? WhyNotChangeable(Queue q)
    {
        if (!q.Exists)
            return QueueErrors.NotFound;
        return q.IsArchived ? QueueErrors.Archived : null;
    }

    private static UnprocessableError? WhyNotUnder(Queue parent, Channel channel)
    {
        if (!parent.Exists)
            return QueueErrors.ParentNotFound;
        if (parent.IsArchived)
            return QueueErrors.ParentArchived;
        return parent.Channel == channel ? null : QueueErrors.OtherChannel;
    }

    private static ValidationError? WhyNotName(string name) =>
        string.IsNullOrWhiteSpace(name) || name.Trim().Length > 100 ? ValidationError.Field("name", "Must have 1 to 100 characters.") : null;
}
