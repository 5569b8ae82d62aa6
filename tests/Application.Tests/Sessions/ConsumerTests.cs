using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Sessions;

public sealed class ConsumerTests
{
    [Fact]
    public async Task The_same_visitor_coming_back_is_the_same_consumer()
    {
        await using var center = await Center.OpenAsync();
        (await ConsumerAsync(center, center.Ask())).ShouldBe(await ConsumerAsync(center, center.Ask()));
        center.Host.Log.Events.Count(e => e.Data is ConsumerIdentified).ShouldBe(1);
    }

    [Fact]
    public async Task Another_visitor_and_another_kind_of_identity_are_other_consumers()
    {
        await using var center = await Center.OpenAsync();
        var ask = center.Ask(visitor: "+4930123456");
        Guid[] consumers =
        [
            await ConsumerAsync(center, ask),
            await ConsumerAsync(center, center.Ask(visitor: "visitor-2")),
            await ConsumerAsync(center, ask with { Consumer = ask.Consumer with { Kind = IdentityKind.Phone } }),
            await ConsumerAsync(center, ask with { Consumer = ask.Consumer with { Kind = IdentityKind.EndUser } }),
            await ConsumerAsync(center, ask with { Consumer = ask.Consumer with { Kind = IdentityKind.MobileSdk } }),
        ];
        consumers.ShouldBeUnique();
    }

    [Fact]
    public async Task Two_sessions_of_a_new_visitor_at_once_are_of_one_consumer()
    {
        await using var center = await Center.OpenAsync();
        Guid other = default;
        center.Host.Store.BeforeNextAppend = async () => other = await ConsumerAsync(center, center.Ask(SessionKind.Chat));
        var one = await ConsumerAsync(center, center.Ask());
        one.ShouldBe(other);
        center.Host.Log.Events.Count(e => e.Data is ConsumerIdentified).ShouldBe(1);
    }

    [Fact]
    public async Task Fifty_sessions_of_a_new_visitor_at_once_are_of_one_consumer()
    {
        await using var center = await Center.OpenAsync();
        var consumers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => ConsumerAsync(center, center.Ask()))));
        consumers.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refused_session_identifies_nobody()
    {
        await using var center = await Center.OpenAsync();
        await center.Host.RefusedAsync("session.channel_not_possible", TestHost.Sdk, center.Ask() with { Channel = Channel.Sms });
        center.Host.Log.Events.ShouldNotContain(e => e.Data is ConsumerIdentified);
    }

    private static async Task<Guid> ConsumerAsync(Center center, StartSession ask) =>
        (await center.SessionAsync((await center.Host.DoAsync(TestHost.Sdk, ask)).Id)).ConsumerId;
}
