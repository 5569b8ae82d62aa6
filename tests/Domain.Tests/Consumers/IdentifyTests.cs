using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Consumers;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Consumers;

public sealed class IdentifyTests
{
    private static readonly DateTimeOffset Local = new(2026, 10, 5, 10, 15, 0, TimeSpan.FromHours(2));

    [Theory]
    [InlineData(IdentityKind.Visitor, "Web User - 10/05 10:15")]
    [InlineData(IdentityKind.MobileSdk, "Mobile User - 10/05 10:15")]
    [InlineData(IdentityKind.Phone, "Caller - 10/05 10:15")]
    public void Who_gives_no_name_is_named_by_the_support_centers_local_time(IdentityKind kind, string expected) =>
        Given.Consumer().When(c => Identify(c, kind, "v-1", name: null)).Then(Identified(kind, "v-1", expected));

    [Fact]
    public void A_given_name_is_kept() =>
        Given.Consumer().When(c => Identify(c, IdentityKind.EndUser, "u-1", " Ada ")).Then(Identified(IdentityKind.EndUser, "u-1", "Ada"));

    [Fact]
    public void A_consumer_is_identified_by_something()
    {
        Given.Consumer().When(c => Identify(c, IdentityKind.Visitor, " ", name: null)).ThenInvalid("identity");
        Given.Consumer().When(c => Identify(c, IdentityKind.Visitor, new string('x', 201), name: null)).ThenInvalid("identity");
        Given.Consumer().When(c => Identify(c, IdentityKind.Visitor, "v-1", new string('x', 101))).ThenInvalid("name");
    }

    private static Decision<ConsumerEvent> Identify(Consumer c, IdentityKind kind, string identity, string? name) =>
        ConsumerDecider.Identify(c, Id(1), kind, identity, name, Local, T0);

    private static ConsumerIdentified Identified(IdentityKind kind, string identity, string name) =>
        new(Id(1), kind, new PersonalText(identity), new PersonalText(name), T0);
}
