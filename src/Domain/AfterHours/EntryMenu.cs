using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.AfterHours;

/// <summary>One node of a channel's menu as somebody sees it at an instant.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Path">Names from the root to this one, in the language asked for where there are such; the last is what the menu shows.</param>
/// <param name="Kinds">The usual that is offered: calls, chats or both; empty while only options are (AHD-3), and on inner nodes.</param>
/// <param name="Options">What is offered instead of the usual; beside calls only where deflection is on for chats alone.</param>
/// <param name="IsOpen">Whether it is inside the hours that apply to it.</param>
/// <param name="IsLeaf">Whether it is chosen; inner nodes only lead to others.</param>
/// <param name="OptionsOf">The queue whose options these are: its own, or the one its contacts are sent to.</param>
public sealed record MenuEntry(
    Queue Queue, ImmutableArray<string> Path, ImmutableArray<SessionKind> Kinds, ImmutableArray<DeflectionOption> Options, bool IsOpen, bool IsLeaf, Guid OptionsOf);

/// <summary>What to offer now: the usual, or deflection only (AHD-3).</summary>
public static class EntryMenu
{
    private static readonly ImmutableArray<SessionKind> Calls = [SessionKind.Call];
    private static readonly ImmutableArray<SessionKind> Chats = [SessionKind.Chat];
    private static readonly ImmutableArray<SessionKind> Both = [SessionKind.Call, SessionKind.Chat];

    /// <summary>A channel's menu at an instant, in the order of the queues' own paths: the same in every language.</summary>
    /// <param name="channel">Whose menu.</param>
    /// <param name="language">BCP 47: of names, of hours and of what is offered.</param>
    /// <param name="center">The configuration.</param>
    /// <param name="at">The instant.</param>
    public static IReadOnlyList<MenuEntry> Of(Channel channel, string language, CenterConfiguration center, DateTimeOffset at)
    {
        var queues = center.Queues.Values.Where(q => q.Channel == channel && !q.IsArchived).ToList();
        queues.Sort(static (a, b) => ComparePaths(a, b));
        var isTranslated = queues.Exists(q => q.Names.Count > 0);
        return [.. queues.Select(q => EntryOf(q, isTranslated ? PathIn(language, q, center) : q.Path, center.IsLeaf(q.Id), language, center, at))];
    }

    private static ImmutableArray<string> PathIn(string language, Queue queue, CenterConfiguration center)
    {
        var path = new string[queue.Path.Length];
        queue.Path.CopyTo(path);
        var at = queue;
        for (var i = path.Length - 1; i >= 0 && at is not null; i--)
        {
            path[i] = at.NameIn(language);
            at = at.ParentId is { } above ? center.Queues.GetValueOrDefault(above) : null;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(path);
    }

    private static MenuEntry EntryOf(Queue queue, ImmutableArray<string> path, bool isLeaf, string language, CenterConfiguration center, DateTimeOffset at)
    {
        // Calls deflected to options leave nothing of the usual, chats neither; chats' own deflection leaves calls as they are.
        var isOpen = Deflector.IsOpen(queue, center, language, at);
        if (!isLeaf)
            return new MenuEntry(queue, path, [], [], isOpen, IsLeaf: false, queue.Id);
        if (isOpen)
            return new MenuEntry(queue, path, KindsOf(queue.Channel), [], IsOpen: true, IsLeaf: true, queue.Id);

        var call = DecideOn(SessionKind.Call, queue, language, center, at);
        var chat = DecideOn(SessionKind.Chat, queue, language, center, at);
        return (call?.Route, chat?.Route) switch
        {
            (Route.Options, _) => new MenuEntry(queue, path, [], Union(call!, chat), IsOpen: false, IsLeaf: true, call!.QueueId),
            (_, Route.Options) => new MenuEntry(queue, path, Calls, chat!.Options, IsOpen: false, IsLeaf: true, chat!.QueueId),
            _ => new MenuEntry(queue, path, KindsOf(queue.Channel), [], IsOpen: false, IsLeaf: true, queue.Id),
        };
    }

    private static DeflectionDecision? DecideOn(SessionKind kind, Queue queue, string language, CenterConfiguration center, DateTimeOffset at) =>
        KindsOf(queue.Channel).Contains(kind)
            ? Deflector.DecideBriefly(new Contact(kind, queue.Channel, queue.Id, language), center, at)
            : null;

    private static ImmutableArray<DeflectionOption> Union(DeflectionDecision call, DeflectionDecision? chat) =>
        chat is null or { Options: [] } || chat.Options.SequenceEqual(call.Options)
            ? call.Options
            : [.. call.Options.Union(chat.Options).OrderBy(o => o.Kind)];

    /// <summary>What a channel carries: telephone menus calls, SMS chats, the SDKs both.</summary>
    public static ImmutableArray<SessionKind> KindsOf(Channel channel) => channel switch
    {
        Channel.Ivr => Calls,
        Channel.Sms => Chats,
        _ => Both,
    };

    private static int ComparePaths(Queue a, Queue b)
    {
        for (var i = 0; i < Math.Min(a.Path.Length, b.Path.Length); i++)
        {
            if (string.Compare(a.Path[i], b.Path[i], StringComparison.OrdinalIgnoreCase) is not 0 and var order)
                return order;
        }

        return a.Path.Length != b.Path.Length ? a.Path.Length.CompareTo(b.Path.Length) : a.Id.CompareTo(b.Id);
    }
}
