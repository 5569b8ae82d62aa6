using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Settings.SettingsDecider;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Settings;

public sealed class MonitoringRulesTests
{
    private static readonly MonitoringRules Strict = new(StuckAfterMinutes: 60, EndStuck: true, ServiceLevelSeconds: 30);
    private static readonly CustomStatus Training = new("training", "Training");

    [Fact]
    public void Limits_are_set_and_the_same_again_changes_nothing() =>
        Given.Settings().When(s => ConfigureMonitoring(s, Strict, At(1))).Then(new MonitoringConfigured(Strict, At(1)));

    [Fact]
    public void A_new_center_has_five_hours_and_ends_nothing() =>
        Given.Settings().When(s => ConfigureMonitoring(s, new MonitoringRules(300, EndStuck: false, 20), At(1))).ThenNothing();

    [Theory]
    [InlineData("stuckAfterMinutes", 0, 20)]
    [InlineData("stuckAfterMinutes", 10_081, 20)]
    [InlineData("serviceLevelSeconds", 300, 25)]
    public void A_limit_that_cannot_be_is_refused_with_its_place(string field, int minutes, int seconds) =>
        Given.Settings().When(s => ConfigureMonitoring(s, new MonitoringRules(minutes, EndStuck: false, seconds), At(1))).ThenInvalid(field);

    [Fact]
    public void A_center_has_statuses_of_its_own() =>
        Given.Settings().When(s => DefineAgentStatuses(s, new AgentStatuses([Training]), At(1))).Then(new AgentStatusesDefined(new AgentStatuses([Training]), At(1)));

    [Theory]
    [InlineData("custom[0].name", "available", "Available")]
    [InlineData("custom[0].name", "unresponsive", "Gone")]
    [InlineData("custom[0].name", "Training", "Training")]
    [InlineData("custom[0].name", "", "Training")]
    [InlineData("custom[0].label", "coaching", " ")]
    [InlineData("custom[1].name", "training", "Training")]
    public void A_status_that_cannot_be_is_refused_with_its_place(string field, string name, string label)
    {
        var wrong = new CustomStatus(name, label);
        Given.Settings().When(s => DefineAgentStatuses(s, new AgentStatuses(field.StartsWith("custom[1]", StringComparison.Ordinal) ? [Training, wrong] : [wrong]), At(1))).ThenInvalid(field);
    }

    [Fact]
    public void An_agent_chooses_only_a_status_that_the_center_has()
    {
        var ann = Id(5);
        var there = Given.Agent(new AgentSignedIn(ann, new Capacity(1, 1), [Channel.Web], T0));
        there.When(a => AgentDecider.Pause(a, "training", AgentStatuses.None, At(1))).ThenRejected<UnprocessableError>("agent.status_unknown");
        there.When(a => AgentDecider.Pause(a, "unresponsive", AgentStatuses.None, At(1))).ThenRejected<UnprocessableError>("agent.status_unknown");
        there.When(a => AgentDecider.Pause(a, "training", new AgentStatuses([Training]), At(1))).Then(new AgentPaused(ann, "training", At(1)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-11-26T12:00:00Z", "2026-11-25T23:00:00Z", "2026-11-26T23:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")] // 25 hours
    [InlineData("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")] // 23 hours
    [InlineData("America/Asuncion", "2023-10-01T12:00:00Z", "2023-10-01T04:00:00Z", "2023-10-02T03:00:00Z")] // Midnight was left out.
    [InlineData("Asia/Kathmandu", "2026-11-26T18:14:59Z", "2026-11-25T18:15:00Z", "2026-11-26T18:15:00Z")]
    public void A_day_is_what_the_clock_on_the_wall_makes_of_it(string zone, string at, string begins, string ends)
    {
        var (from, to) = HoursZones.DayOf(zone, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
        (from, to).ShouldBe((DateTimeOffset.Parse(begins, System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.Parse(ends, System.Globalization.CultureInfo.InvariantCulture)));
    }
}
