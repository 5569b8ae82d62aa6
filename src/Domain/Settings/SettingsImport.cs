using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;

namespace ContactCenter.Domain.Settings;

/// <summary>
/// What it takes to make a configuration the one of a file (ADM-5): the events, or all that stands against it. A queue is
/// the one with the file's id, at the file's path, else, for files of another center, the one with the same channel and
/// path; queues that deflect to each other follow that. Whatever of the file would not be carried out is a problem.
/// </summary>
public sealed class SettingsImport
{
    private readonly CenterConfiguration center;
    private readonly SettingsFile file;
    private readonly DateTimeOffset now;
    private readonly FieldFaults faults = new();
    private readonly List<ConfigurationProblem> problems = [];
    private readonly List<IDomainEvent> events = [];
    private readonly Dictionary<Guid, Guid> queueIds = [];

    private SettingsImport(CenterConfiguration center, SettingsFile file, DateTimeOffset now)
    {
        this.center = center;
        this.file = file;
        this.now = now;
    }

    /// <summary>What happens, in order; none if the configuration is that of the file already.</summary>
    public IReadOnlyList<IDomainEvent> Events => events;

    /// <summary>What is wrong with the file's shape, by place, or null.</summary>
    public ValidationError? Invalid => faults.Error;

    /// <summary>
    /// Queues of the file that are not to be found, by place, and all that would be wrong with the configuration afterwards: also
    /// what is wrong with it already, as a file is to be valid as a whole.
    /// </summary>
    public IReadOnlyList<ConfigurationProblem> Problems => problems;

    /// <summary>Compares, and decides page by page and queue by queue.</summary>
    public static SettingsImport Of(CenterConfiguration center, SettingsFile file, DateTimeOffset now)
    {
        var import = new SettingsImport(center, file, now);
        var queues = import.FindQueues();
        import.TakePages();
        import.TakeMessages();
        foreach (var (place, queue, wanted) in queues)
            import.TakeQueue(place, queue, wanted);
        import.problems.AddRange(ConfigurationRules.ProblemsOf(import.events.Aggregate(center, (at, happened) => at.Apply(happened))));
        return import;
    }

    private List<(string Place, Queue Queue, QueueSettings Wanted)> FindQueues()
    {
        List<(string, Queue, QueueSettings)> found = [];
        if (file.Queues.Count == 0 && center.Queues.Values.Any(q => !q.IsArchived))
            problems.Add(new("queues_missing", "queues", "The list names no queue, and there are queues here: an import leaves out single ones, and removes none."));
        foreach (var (i, wanted) in file.Queues.Index())
        {
            var place = $"queues[{i}]";
            if (wanted is null)
                faults.Add(place, "Must not be null.");
            else if (Find(wanted, place) is not { } queue)
                continue;
            else if (queueIds.ContainsValue(queue.Id) || !queueIds.TryAdd(wanted.Id, queue.Id))
                faults.Add(place, "The queue is in the file twice.");
            else
                found.Add((place, queue, wanted));
        }

        return found;
    }

    private Queue? Find(QueueSettings wanted, string place)
    {
        if (center.FindLive(wanted.Id) is { } same && same.Channel == wanted.Channel)
        {
            if (!same.Path.SequenceEqual(wanted.Path, StringComparer.Ordinal))
                problems.Add(new("queue_elsewhere", $"{place}.path", $"The queue {wanted.Id} stands at {ConfigurationUses.Named(same)} here: an import neither renames nor moves."));
            return same;
        }

        var alike = center.Queues.Values
            .Where(q => !q.IsArchived && q.Channel == wanted.Channel && q.Path.SequenceEqual(wanted.Path, StringComparer.Ordinal)).Take(2).ToList();
        if (alike.Count == 1)
            return alike[0];
        var name = $"\"{string.Join(" > ", wanted.Path)}\" of the {wanted.Channel.ToString().ToLowerInvariant()} menu";
        problems.Add(alike.Count == 0
            ? new("queue_not_found", place, $"There is no queue {wanted.Id}, nor one at {name}.")
            : new("queue_ambiguous", place, $"There is no queue {wanted.Id}, and there are several at {name}."));
        return null;
    }

    private void TakePages()
    {
        var s = center.Settings;
        var calls = file.Calls with { Ivr = Here(file.Calls.Ivr) };
        Take("supportCenter", SettingsDecider.DescribeSupportCenter(s, file.SupportCenter, now));
        Take("hours", SettingsDecider.SetHours(s, file.Hours, now));
        Take("calls", SettingsDecider.ConfigureCalls(s, calls, now));
        Take("chats", SettingsDecider.ConfigureChats(s, file.Chats, now));
        if (file.Monitoring is { } monitoring)
            Take("monitoring", SettingsDecider.ConfigureMonitoring(s, monitoring, now));
        if (file.AgentStatuses is { } statuses)
            Take("agentStatuses", SettingsDecider.DefineAgentStatuses(s, statuses, now));
        if (file.Recording is { } recording)
            Take("recording", SettingsDecider.ConfigureRecording(s, recording, now));
        if (file.PhoneNumbers is { } lines)
            Take("phoneNumbers", SettingsDecider.ConfigurePhoneNumbers(s, lines, now));
    }

    private void TakeMessages()
    {
        var kept = new HashSet<(MessageKey, string)>();
        foreach (var (i, wanted) in file.Messages.Index())
        {
            if (wanted is null)
                faults.Add($"messages[{i}]", "Must not be null.");
            else if (!kept.Add((wanted.Key, Languages.Normal(wanted.Language))))
                faults.Add($"messages[{i}]", "The message is in the file twice.");
            else
                Take($"messages[{i}]", SettingsDecider.SetMessage(center.Settings, wanted.Key, wanted.Language, wanted.Message, now));
        }

        foreach (var message in center.Settings.Messages.All().Where(m => !kept.Contains((m.Key, m.Language))))
            Take("messages", SettingsDecider.RemoveMessage(center.Settings, message.Key, message.Language, now));
    }

    private void TakeQueue(string place, Queue queue, QueueSettings wanted)
    {
        Take($"{place}.hours", QueueDecider.SetHours(queue, wanted.Hours, now));
        Take($"{place}.deflection", QueueDecider.ConfigureDeflection(queue, Here(wanted.Deflection), now));
        Take($"{place}.virtualAgent", QueueDecider.AssignVirtualAgent(queue, wanted.VirtualAgent, now));
        Take(place, QueueDecider.Translate(queue, wanted.Names ?? [], now));
        Take($"{place}.scheduledCalls", QueueDecider.ConfigureScheduledCalls(queue, wanted.ScheduledCalls, now));
        if (wanted.Handling is { } handling)
            Take($"{place}.handling", QueueDecider.ConfigureHandling(queue, handling, now));
        // Files used to say the default also of a queue that takes no calls, where it is nobody's wish and would be refused.
        if (wanted.Whisper is { } whisper && (queue.TakesCalls || whisper != WhisperRules.Default))
            Take($"{place}.whisper", QueueDecider.ConfigureWhisper(queue, whisper, now));
    }

    private QueueDeflection? Here(QueueDeflection? deflection) => deflection is null ? null : deflection with
    {
        Ivr = deflection.Ivr is null ? null : Here(deflection.Ivr),
        Mobile = deflection.Mobile is null ? null : deflection.Mobile with { QueueId = Here(deflection.Mobile.QueueId) },
    };

    private IvrDeflection Here(IvrDeflection way) => way with { QueueId = Here(way.QueueId) };

    private Guid? Here(Guid? queueId) => queueId is { } id && queueIds.TryGetValue(id, out var here) ? here : queueId;

    private void Take<TEvent>(string place, Decision<TEvent> decision)
        where TEvent : IDomainEvent
    {
        if (decision.Rejection is ValidationError invalid)
            faults.Add(invalid, place + ".");
        else if (decision.Rejection is { } refusal)
            problems.Add(new(refusal.Code, place, refusal.Message));
        foreach (var happened in decision.Events)
            events.Add(happened);
    }
}
