using ContactCenter.Domain.AfterHours;
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

    private static IReadOnlyList<MenuEntry> Menu(Desk desk, Channel channel, DateTimeOffset at) => EntryMenu.Of(channel, "en", desk.Center, at);
}
