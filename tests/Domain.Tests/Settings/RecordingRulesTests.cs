using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Settings.SettingsDecider;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Settings;

/// <summary>Whether calls are recorded, number by number (REC-3).</summary>
public sealed class RecordingRulesTests
{
    private const string Berlin = "+4930123456";
    private static readonly RecordingPolicy Off = new(Enabled: false, ConsentMode.None);
    private static readonly RecordingPolicy OptIn = new(Enabled: true, ConsentMode.OptIn);

    [Fact]
    public void A_number_that_says_nothing_goes_by_what_the_center_has() =>
        Given.Settings(new RecordingConfigured(RecordingRules.Default with { Enabled = false }, At(1)), new PhoneNumbersConfigured(new([new(Berlin, "Berlin")]), At(2)))
            .State.ShouldSatisfyAllConditions(
                s => s.RecordingOf(Berlin).ShouldBe(Off), s => s.RecordingOf("+4940123456").ShouldBe(Off), s => s.RecordingOf(null).ShouldBe(Off));

    [Fact]
    public void A_number_has_rules_of_its_own() =>
        Given.Settings().When(s => ConfigurePhoneNumbers(s, new([new(Berlin, "Berlin", OptIn)]), At(1)))
            .Then(new PhoneNumbersConfigured(new([new(Berlin, "Berlin", OptIn)]), At(1)))
            .State.ShouldSatisfyAllConditions(
                s => s.RecordingOf(Berlin).ShouldBe(OptIn), s => s.RecordingOf("+4940123456").ShouldBe(RecordingPolicy.Default));

    [Fact]
    public void Rules_are_set_and_the_same_again_changes_nothing() =>
        Given.Settings().When(s => ConfigureRecording(s, new(Enabled: true, ConsentMode.OptOut, 60, 600, Hosted), At(1)))
            .Then(new RecordingConfigured(new(Enabled: true, ConsentMode.OptOut, 60, 600, Hosted), At(1)));

    [Theory]
    [InlineData(9, 300, "redactionSeconds")]
    [InlineData(120, 3_601, "pauseSeconds")]
    public void A_time_that_cannot_be_is_refused_with_its_place(int redaction, int pause, string field) =>
        Given.Settings().When(s => ConfigureRecording(s, new(Enabled: true, ConsentMode.None, redaction, pause, RecordingRetention.Default), At(1))).ThenInvalid(field);

    [Theory]
    [InlineData(0)]
    [InlineData(36_501)]
    public void A_schedule_that_cannot_be_is_refused_with_its_place(int days) => Given.Settings()
        .When(s => ConfigureRecording(s, RecordingRules.Default with { Retention = Hosted with { DeleteAfterDays = days } }, At(1))).ThenInvalid("retention.deleteAfterDays");

    [Fact]
    public void Where_recordings_stay_must_be_said() =>
        Given.Settings().When(s => ConfigureRecording(s, RecordingRules.Default with { Retention = null! }, At(1))).ThenInvalid("retention");

    private static RecordingRetention Hosted => new(RetentionPolicy.Hosted, DeleteAfterDays: 30, NewRecordingsArePublic: true);

    [Fact]
    public void A_number_is_there_once_and_has_a_name()
    {
        Given.Settings().When(s => ConfigurePhoneNumbers(s, new([new(Berlin, "Berlin"), new(Berlin, "Again")]), At(1))).ThenInvalid("numbers[1].number");
        Given.Settings().When(s => ConfigurePhoneNumbers(s, new([new("030", "Berlin")]), At(1))).ThenInvalid("numbers[0].number");
        Given.Settings().When(s => ConfigurePhoneNumbers(s, new([new(Berlin, " ")]), At(1))).ThenInvalid("numbers[0].label");
    }

    [Fact]
    public void Who_must_be_asked_must_be_asked_in_every_language()
    {
        var center = CenterConfiguration.Initial;
        var asks = center.Apply(new PhoneNumbersConfigured(new([new(Berlin, "Berlin", OptIn)]), At(1)));
        ConfigurationRules.WhyNot(center, asks).ShouldNotBeNull().Code.ShouldBe("configuration.message_missing");
        var says = center.Apply(new MessageSet(MessageKey.RecordingOptIn, "en", new Message("Press 1 to be recorded."), At(1)));
        ConfigurationRules.WhyNot(says, says.Apply(new PhoneNumbersConfigured(new([new(Berlin, "Berlin", OptIn)]), At(2)))).ShouldBeNull();
        ConfigurationRules.WhyNot(says, says.Apply(new RecordingConfigured(new(Enabled: true, ConsentMode.OptOut, 60, 60, RecordingRetention.Default), At(2)))).ShouldNotBeNull();
    }
}
