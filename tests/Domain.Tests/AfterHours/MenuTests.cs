using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Tests.AfterHours.Desk;

namespace ContactCenter.Domain.Tests.AfterHours;

/// <summary>AHD-3: while deflected only the options are offered, never the usual.</summary>
public sealed class MenuTests
{
    [Fact]
    public void An_open_queue_offers_the_usual()
    {
        var desk = Usual().Calls(sdk: new SdkOptions(Email: true)).Chats(email: true);
        desk.Queue(Channel.Web);
        var entry = Menu(desk, Channel.Web, Open).ShouldHaveSingleItem();

        entry.Kinds.ShouldBe([SessionKind.Call, SessionKind.Chat]);
        entry.Options.ShouldBeEmpty();
    }

    [Fact]
    public void While_calls_are_deflected_to_options_neither_calls_nor_chats_are_offered()
    {
        var desk = Usual().Calls(sdk: new SdkOptions(Email: true)).Chats(enabled: false);
        desk.Queue(Channel.Web);
        var entry = Menu(desk, Channel.Web, Closed).ShouldHaveSingleItem();

        entry.Kinds.ShouldBeEmpty();
        entry.Options.ShouldBe([new DeflectionOption(OptionKind.Email, Mail)]);
    }

    [Fact]
    public void Chats_deflected_to_the_address_leave_calls_as_they_are()
    {
        var desk = Usual().Calls(enabled: false).Chats(email: true);
        desk.Queue(Channel.Web);
        var entry = Menu(desk, Channel.Web, Closed).ShouldHaveSingleItem();

        entry.Kinds.ShouldBe([SessionKind.Call]);
        entry.Options.ShouldBe([new DeflectionOption(OptionKind.Email, Mail)]);
    }

    [Fact]
    public void Inner_nodes_only_lead_on_and_the_other_channels_are_not_there()
    {
        var desk = Usual();
        var parent = desk.Queue(Channel.Mobile);
        var leaf = desk.Queue(Channel.Mobile, parent: parent);
        desk.Queue(Channel.Web);
        var menu = Menu(desk, Channel.Mobile, Open);

        menu.Select(e => (e.Queue.Id, e.IsLeaf)).ShouldBe([(parent, false), (leaf, true)]);
        menu[0].Kinds.ShouldBeEmpty();
    }

    [Fact]
    public void A_menu_speaks_the_language_asked_for_along_the_whole_path()
    {
        var desk = Usual();
        var parent = desk.Queue(Channel.Mobile);
        var leaf = desk.Queue(Channel.Mobile, parent: parent);
        var plain = desk.Queue(Channel.Mobile, parent: parent);
        desk.With(new QueueTranslated(parent, [new("de", "Rechnungen")], Open), new QueueTranslated(leaf, [new("de", "Erstattung"), new("fr", "Remboursement")], Open));
        var own = desk.Center.Queues[plain].Name;

        PathsIn("de-AT").ShouldBe([["Rechnungen"], ["Rechnungen", "Erstattung"], ["Rechnungen", own]]);
        PathsIn("fr").ShouldBe([[desk.Center.Queues[parent].Name], [desk.Center.Queues[parent].Name, "Remboursement"], [desk.Center.Queues[parent].Name, own]]);
        PathsIn("en").ShouldBe([.. new[] { parent, leaf, plain }.Select(q => desk.Center.Queues[q].Path.ToArray())]);

        List<string[]> PathsIn(string language) => [.. EntryMenu.Of(Channel.Mobile, language, desk.Center, Open).Select(e => e.Path.ToArray())];
    }

    /// <summary>They are told apart by their ids, in every order of their making (ADR 0068).</summary>
    [Fact]
    public void Siblings_of_one_name_are_each_there_and_keep_their_order_and_what_is_below_them()
    {
        var desk = Usual();
        var (first, second, leaf) = (Spec.Id(1), Spec.Id(2), Spec.Id(3));
        foreach (var (id, parent) in new[] { (second, null), (first, null), (leaf, (Guid?)second) })
            desk.With(new QueueCreated(id, "Billing", Channel.Web, parent is null ? ["Billing"] : ["Billing", "Billing"], parent, [], Open));

        Menu(desk, Channel.Web, Open).Select(e => (e.Queue.Id, e.IsLeaf)).ShouldBe([(first, true), (second, false), (leaf, true)]);
    }

    private static IReadOnlyList<MenuEntry> Menu(Desk desk, Channel channel, DateTimeOffset at) => EntryMenu.Of(channel, "en", desk.Center, at);
}
