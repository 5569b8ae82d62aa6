using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.AfterHours.Desk;

namespace ContactCenter.Domain.Tests.AfterHours;

/// <summary>Every row of AHD-7.</summary>
public sealed class TransferTargetTests
{
    private static readonly QueueDeflection Own = new(Mobile: new MobileDeflection(Options: new SdkOptions(Email: true)));

    [Theory]
    [InlineData(Call, true)]
    [InlineData(Call, false)]
    [InlineData(Chat, true)]
    [InlineData(Chat, false)]
    public void Open_queues_and_those_with_an_always_virtual_agent_are_shown_whatever_the_switch(SessionKind kind, bool allowed)
    {
        var desk = Usual().Calls(enabled: false, transfers: allowed).Chats(enabled: false, transfers: allowed);
        desk.IsTarget(kind, desk.Queue(Channel.Mobile), at: Open).ShouldBeTrue();
        desk.IsTarget(kind, desk.Queue(Channel.Mobile, virtualAgent: VirtualAgentAvailability.BusinessHours), at: Open).ShouldBeTrue();
        desk.IsTarget(kind, desk.Queue(Channel.Mobile, virtualAgent: VirtualAgentAvailability.Always)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(Call)]
    [InlineData(Chat)]
    public void With_the_switch_on_closed_queues_are_shown_that_deflect_or_have_somebody_signed_in(SessionKind kind)
    {
        var desk = Usual().Calls(enabled: false, transfers: true).Chats(enabled: false, transfers: true);
        var (plain, deflecting) = (desk.Queue(Channel.Mobile), desk.Queue(Channel.Mobile, deflection: Own));

        desk.IsTarget(kind, deflecting, staffed: false).ShouldBeTrue();
        desk.IsTarget(kind, plain, staffed: true).ShouldBeTrue();
        desk.IsTarget(kind, plain, staffed: false).ShouldBeFalse();
    }

    [Theory]
    [InlineData(Call)]
    [InlineData(Chat)]
    public void A_closed_queue_whose_virtual_agent_keeps_business_hours_is_hidden(SessionKind kind)
    {
        var desk = Usual().Calls(enabled: false, transfers: true).Chats(enabled: false, transfers: true);
        desk.IsTarget(kind, desk.Queue(Channel.Mobile, deflection: Own, virtualAgent: VirtualAgentAvailability.BusinessHours), staffed: true).ShouldBeFalse();
    }

    [Theory]
    [InlineData(Call)]
    [InlineData(Chat)]
    public void With_the_switch_off_no_other_closed_queue_is_shown(SessionKind kind)
    {
        var desk = Usual().Calls(enabled: kind == Call).Chats(enabled: false);
        desk.IsTarget(kind, desk.Queue(Channel.Mobile), staffed: true).ShouldBeFalse();
        desk.IsTarget(kind, desk.Queue(Channel.Mobile, deflection: Own), staffed: true).ShouldBeFalse();
    }

    [Fact]
    public void The_switch_for_calls_counts_whether_or_not_deflection_is_on_and_the_one_for_chats_only_while_it_is_off()
    {
        var desk = Usual().Calls(enabled: true, transfers: true).Chats(enabled: true, transfers: true);
        var queue = desk.Queue(Channel.Mobile);

        desk.IsTarget(Call, queue).ShouldBeTrue();
        desk.IsTarget(Chat, queue, staffed: true).ShouldBeFalse();
        desk.Chats(enabled: false, transfers: true).IsTarget(Chat, queue, staffed: true).ShouldBeTrue();
    }

    [Fact]
    public void Inner_nodes_of_the_menu_lead_on_and_take_nobody_until_nothing_is_below_them()
    {
        var desk = Usual();
        var parent = desk.Queue(Channel.Mobile, virtualAgent: VirtualAgentAvailability.Always);
        var leaf = desk.Queue(Channel.Mobile, parent: parent);
        desk.IsTarget(Call, parent, at: Open).ShouldBeFalse();
        desk.IsTarget(Call, leaf, at: Open).ShouldBeTrue();

        desk.With(new QueueArchived(leaf, Open)).IsTarget(Call, parent, at: Open).ShouldBeTrue();
    }

    [Fact]
    public void Queues_of_another_channel_and_archived_ones_are_never_shown()
    {
        var desk = Usual();
        var (web, gone) = (desk.Queue(Channel.Web), desk.Queue(Channel.Web));
        desk.With(new QueueArchived(gone, Open));

        TransferTargets.IsShown(desk.Center.Queues[web], new Contact(Call, Channel.Ivr, web, "en"), desk.Center, hasSignedInMember: true, Open).ShouldBeFalse();
        desk.IsTarget(Call, gone, at: Open).ShouldBeFalse();
    }
}
