using System.Text;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.CrmKeys;
using ContactCenter.Domain.Recordings;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.CrmKeys;

public sealed class CrmKeyTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");
    private static readonly CrmKeyIssued Issued = new(Id(1), "CRM", T0);

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_RFC_6238(long seconds, string code) =>
        Totp.Code(Secret, Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds))).ShouldBe(code);

    [Fact]
    public void The_current_and_the_previous_code_are_good_and_no_other()
    {
        var step = Totp.StepOf(T0);
        Totp.StepOf(Totp.Code(Secret, step), Secret, T0).ShouldBe(step);
        Totp.StepOf(Totp.Code(Secret, step - 1), Secret, T0).ShouldBe(step - 1);
        Totp.StepOf(Totp.Code(Secret, step - 2), Secret, T0).ShouldBeNull();
        Totp.StepOf(Totp.Code(Secret, step + 1), Secret, T0).ShouldBeNull();
        Totp.StepOf("", Secret, T0).ShouldBeNull();
    }

    [Fact]
    public void A_key_is_issued_and_revoked()
    {
        Key().When(k => CrmKeyDecider.Issue(k, Id(1), " CRM ", T0)).Then(Issued)
            .When(k => CrmKeyDecider.Revoke(k, At(1))).Then(new CrmKeyRevoked(Id(1), At(1)));
        Key().When(k => CrmKeyDecider.Issue(k, Id(1), " ", T0)).ThenInvalid("name");
        Key().When(k => CrmKeyDecider.Revoke(k, T0)).ThenRejected<NotFoundError>("crm_key.not_found");
    }

    [Fact]
    public void A_code_counts_once_for_good_and_no_earlier_one_after_it()
    {
        var used = Key(Issued, new CrmCodeAccepted(Id(1), Id(2), 100, T0));
        used.When(k => CrmKeyDecider.Check(k, Id(3), 100, At(1))).ThenRejected<ForbiddenError>("crm_key.code_used");
        used.When(k => CrmKeyDecider.Check(k, Id(3), 99, At(1))).ThenRejected<ForbiddenError>("crm_key.code_used");
        used.State.Failures.ShouldBe(0);
        CrmKeyDecider.Check(used.State, Id(3), 101, At(1)).Events.ShouldBe([new CrmCodeAccepted(Id(1), Id(3), 101, At(1))]);
    }

    [Fact]
    public void The_fifth_wrong_code_locks_it_and_a_right_one_before_that_starts_anew()
    {
        var key = Key(Issued);
        for (var failure = 1; failure <= 4; failure++)
            key = key.And([.. CrmKeyDecider.Check(key.State, Id(2), step: null, T0).Events]);
        key.State.ShouldSatisfyAllConditions(k => k.Failures.ShouldBe(4), k => k.IsLocked.ShouldBeFalse());
        CrmKeyDecider.Check(key.State, Id(2), step: null, T0).Events.ShouldBe([new CrmCodeRefused(Id(1), Id(2), 5, T0), new CrmKeyLocked(Id(1), T0)]);
        key.And(new CrmCodeAccepted(Id(1), Id(2), 7, T0)).State.Failures.ShouldBe(0);
        key.And(new CrmCodeRefused(Id(1), Id(2), 5, T0), new CrmKeyLocked(Id(1), T0))
            .When(k => CrmKeyDecider.Check(k, Id(2), 8, T0)).ThenRejected<ForbiddenError>("crm_key.locked");
        Key(Issued, new CrmKeyRevoked(Id(1), T0)).When(k => CrmKeyDecider.Check(k, Id(2), 8, T0)).ThenRejected<NotFoundError>("crm_key.not_found");
    }

    private static Given<CrmKey, CrmKeyEvent> Key(params CrmKeyEvent[] events) => new(CrmKey.Initial, (k, e) => k.Apply(e), events);
}

public sealed class RecordingAccessTests
{
    private static readonly RecordingAccessRequested Requested = new(Id(5), Tapes.Id, Id(1), T0, At(300));
    private static readonly RecordingAccessGranted Granted = new(Id(5), Tapes.Id, Id(1), "hash", At(10), At(70));
    private static readonly CrmKey Good = CrmKey.Initial.Apply(new CrmKeyIssued(Id(1), "CRM", T0));

    [Fact]
    public void Only_a_whole_recording_that_waits_is_asked_for()
    {
        Access().When(a => RecordingAccessDecider.Request(a, Id(5), Tapes.Waiting, Good, T0)).Then(Requested);
        foreach (var status in Enum.GetValues<RecordingStatus>().Except([RecordingStatus.Ready, RecordingStatus.None]))
            Access().When(a => RecordingAccessDecider.Request(a, Id(5), Tapes.Waiting with { Status = status }, Good, T0)).ThenRejected<ConflictError>("recording.not_waiting");
        Access().When(a => RecordingAccessDecider.Request(a, Id(5), Recording.Initial, Good, T0)).ThenRejected<NotFoundError>("recording.not_found");
    }

    [Fact]
    public void A_key_that_is_locked_or_revoked_asks_for_nothing()
    {
        Access().When(a => RecordingAccessDecider.Request(a, Id(5), Tapes.Waiting, Good.Apply(new CrmKeyLocked(Id(1), T0)), T0)).ThenRejected<ForbiddenError>("crm_key.locked");
        Access().When(a => RecordingAccessDecider.Request(a, Id(5), Tapes.Waiting, Good.Apply(new CrmKeyRevoked(Id(1), T0)), T0)).ThenRejected<NotFoundError>("crm_key.not_found");
    }

    [Fact]
    public void It_is_granted_once_to_the_key_that_asked_and_within_five_minutes()
    {
        CodeOf(RecordingAccessDecider.Allow(Access(Requested).State, Id(1), "hash", At(10))).ShouldBeNull();
        RecordingAccessDecider.Allow(Access(Requested).State, Id(1), "hash", At(10)).Events.ShouldBe([Granted]);
        CodeOf(RecordingAccessDecider.Allow(Access(Requested).State, Id(2), "hash", At(10))).ShouldBe("access_request.not_found");
        CodeOf(RecordingAccessDecider.Allow(Access(Requested).State, Id(1), "hash", At(300))).ShouldBe("access_request.expired");
        CodeOf(RecordingAccessDecider.Allow(Access(Requested, Granted).State, Id(1), "hash", At(20))).ShouldBe("access_request.granted");
    }

    [Fact]
    public void A_grant_is_used_once_within_a_minute_while_the_recording_waits()
    {
        RecordingAccessDecider.Use(Access(Requested, Granted).State, isSecret: true, Good, Tapes.Waiting, At(69)).Events.ShouldBe([new RecordingAccessUsed(Id(5), Tapes.Id, At(69))]);
        CodeOf(RecordingAccessDecider.Use(Access(Requested, Granted).State, isSecret: true, Good, Tapes.Waiting, At(70))).ShouldBe("access_request.expired");
        CodeOf(RecordingAccessDecider.Use(Access(Requested, Granted).State, isSecret: false, Good, Tapes.Waiting, At(20))).ShouldBe("access_request.not_found");
        CodeOf(RecordingAccessDecider.Use(Access(Requested).State, isSecret: true, Good, Tapes.Waiting, At(20))).ShouldBe("access_request.not_found");
        CodeOf(RecordingAccessDecider.Use(Access(Requested, Granted).State, isSecret: true, Good, Tapes.Waiting with { Status = RecordingStatus.Purged }, At(20))).ShouldBe("recording.not_waiting");
        CodeOf(RecordingAccessDecider.Use(Access(Requested, Granted, new RecordingAccessUsed(Id(5), Tapes.Id, At(15))).State, isSecret: true, Good, Tapes.Waiting, At(20))).ShouldBe("access_request.used");
    }

    [Fact]
    public void A_grant_does_not_outlive_its_key()
    {
        var granted = Access(Requested, Granted).State;
        CodeOf(RecordingAccessDecider.Use(granted, isSecret: true, Good.Apply(new CrmKeyRevoked(Id(1), At(15))), Tapes.Waiting, At(20))).ShouldBe("crm_key.not_found");
        CodeOf(RecordingAccessDecider.Use(granted, isSecret: true, Good.Apply(new CrmKeyLocked(Id(1), At(15))), Tapes.Waiting, At(20))).ShouldBe("crm_key.locked");
        CodeOf(RecordingAccessDecider.Use(granted, isSecret: true, CrmKey.Initial, Tapes.Waiting, At(20))).ShouldBe("crm_key.not_found");
        CodeOf(RecordingAccessDecider.Use(granted, isSecret: false, CrmKey.Initial, Tapes.Waiting, At(20))).ShouldBe("access_request.not_found");
    }

    private static string? CodeOf(Decision<RecordingAccessEvent> decision) => decision.Rejection?.Code;

    private static Given<RecordingAccess, RecordingAccessEvent> Access(params RecordingAccessEvent[] events) => new(RecordingAccess.Initial, (a, e) => a.Apply(e), events);

    private static class Tapes
    {
        public static readonly Guid Id = Spec.Id(9);

        public static readonly Recording Waiting = Recording.Initial with
        {
            Id = Id,
            Status = RecordingStatus.Ready,
            Segments = 1,
            Closed = System.Collections.Immutable.ImmutableSortedDictionary<int, long>.Empty.Add(1, 8000),
            StoppedAt = T0,
        };
    }
}
