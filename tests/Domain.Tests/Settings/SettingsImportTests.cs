using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Tests.Settings.Plan;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Settings;

public sealed class SettingsImportTests
{
    private static readonly IDomainEvent[] Queues = [Node(1), Node(2), Node(3, Channel.Mobile)];

    private static readonly CenterConfiguration Full = Center(
    [
        .. Queues, Described(Named), Opens(Office), .. Plan.Voicemail(), Calls(new IvrDeflection(IvrOption.Queue, Id(2))),
        Opens(2, Always), To(1, 2), new QueueVirtualAgentAssigned(Id(2), new VirtualAgentAssignment("Vera", "simulated", VirtualAgentAvailability.Always), T0),
        new QueueScheduledCallsConfigured(Id(3), ScheduledCallRules.Default with { Enabled = true }, T0), Mobile(3, new SdkOptions(ScheduledCall: true)),
    ]);

    [Fact]
    public void Importing_what_was_exported_changes_nothing()
    {
        var import = SettingsImport.Of(Full, SettingsFile.Of(Full), At(1));
        import.Events.ShouldBeEmpty();
        import.Invalid.ShouldBeNull();
        import.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_center_becomes_what_the_file_says()
    {
        var other = Center([.. Queues, Says(MessageKey.AfterHours), Opens(1, Always)]);
        var after = Import(other, SettingsFile.Of(Full));
        Text(SettingsFile.Of(after)).ShouldBe(Text(SettingsFile.Of(Full)));
        after.Settings.Messages.Find(MessageKey.AfterHours, "en").ShouldBeNull();
        ConfigurationRules.ProblemsOf(after).ShouldBeEmpty();
    }

    [Fact]
    public void Queues_of_another_center_are_found_by_menu_and_path_and_deflect_to_each_other_as_there()
    {
        QueueCreated[] here = [Node(1) with { QueueId = Id(11) }, Node(2) with { QueueId = Id(12) }, Node(3, Channel.Mobile) with { QueueId = Id(13) }];
        var after = Import(Center(here), SettingsFile.Of(Full));
        after.Queues[Id(11)].Deflection!.TargetQueueId().ShouldBe(Id(12));
        after.Settings.Calls.Ivr.QueueId.ShouldBe(Id(12));
        after.Queues[Id(12)].Hours.ShouldBe(Always);
        ConfigurationRules.ProblemsOf(after).ShouldBeEmpty();
    }

    [Fact]
    public void A_queue_that_stands_elsewhere_by_now_is_named_since_an_import_neither_renames_nor_moves()
    {
        var renamed = Center([Node(1), new QueueRenamed(Id(1), "Bills", ["Bills"], T0), Node(2) with { Path = ["Queue 1"] }]);
        var file = SettingsFile.Of(Center([Node(1), Opens(1, Always)]));
        var problem = SettingsImport.Of(renamed, file, At(1)).Problems.ShouldHaveSingleItem();
        (problem.Code, problem.Path).ShouldBe(("queue_elsewhere", "queues[0].path"));
        problem.Message.ShouldContain("\"Bills\"");
        Import(renamed, file with { Queues = [file.Queues[0] with { Path = ["Bills"] }] }).Queues[Id(1)].Hours.ShouldBe(Always);
    }

    [Fact]
    public void A_queue_that_is_neither_here_nor_in_the_file_is_not_kept_as_a_target_where_deflection_is_off()
    {
        var file = SettingsFile.Of(Full);
        file = file with { Calls = CallDeflection.Default with { Ivr = new IvrDeflection(IvrOption.Queue, Id(99)) } };
        var problem = SettingsImport.Of(Full, file, At(1)).Problems.ShouldHaveSingleItem();
        (problem.Code, problem.Path).ShouldBe(("queue_not_found", "calls.ivr.queueId"));
    }

    [Fact]
    public void What_is_exported_can_be_imported_also_with_a_target_that_was_archived_while_deflection_is_off()
    {
        var center = Center([Node(1), Calls(new IvrDeflection(IvrOption.Queue, Id(1))), Calls(new IvrDeflection(IvrOption.Queue, Id(1)), enabled: false), new QueueArchived(Id(1), T0)]);
        SettingsImport.Of(center, SettingsFile.Of(center), At(1)).Problems.ShouldBeEmpty();
        Import(center, SettingsFile.Of(center)).ShouldBe(center);
    }

    [Fact]
    public void A_list_of_no_queues_is_refused_where_there_are_some()
    {
        SettingsImport.Of(Full, SettingsFile.Of(Full) with { Queues = [] }, At(1)).Problems.ShouldHaveSingleItem().Code.ShouldBe("queues_missing");
        SettingsImport.Of(CenterConfiguration.Initial, SettingsFile.Of(CenterConfiguration.Initial), At(1)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_queues_handling_and_whisper_travel_and_older_files_leave_them()
    {
        IDomainEvent[] set = [new QueueHandlingConfigured(Id(1), new HandlingRules(45, 90), T0), new QueueWhisperConfigured(Id(1), new WhisperRules(WhisperEnabled: true, "A bill.", 1.5, Countdown: true), T0)];
        var file = SettingsFile.Of(Center([Node(1), .. set]));
        var after = Import(Center([Node(1)]), file);
        (after.Queues[Id(1)].Handling, after.Queues[Id(1)].Whisper).ShouldBe((new HandlingRules(45, 90), new WhisperRules(WhisperEnabled: true, "A bill.", 1.5, Countdown: true)));
        Import(after, file with { Queues = [file.Queues[0] with { Handling = null, Whisper = null }] }).Queues[Id(1)].Handling.ShouldBe(new HandlingRules(45, 90));
        SettingsImport.Of(after, file with { Queues = [file.Queues[0] with { Handling = new HandlingRules(1, 1) }] }, At(1))
            .Invalid.ShouldNotBeNull().Fields.Keys.ShouldBe(["queues[0].handling.offerTimeoutSeconds"]);
    }

    [Fact]
    public void A_queue_that_takes_no_calls_has_no_whisper_in_the_file_and_the_default_in_an_older_one_is_nothing_to_refuse()
    {
        var silent = new WhisperRules(WhisperEnabled: false, WhisperText: null, 1, Countdown: false);
        QueueCreated sms = Node(1, Channel.Sms);
        var file = SettingsFile.Of(Center([sms, Node(2)]));
        file.Queues.Select(q => (q.Channel, q.Whisper)).ShouldBe([(Channel.Ivr, WhisperRules.Default), (Channel.Sms, null)], ignoreOrder: true);

        IDomainEvent[] changed = [sms, Node(2), new QueueWhisperConfigured(Id(1), silent, T0)];
        var elsewhere = Center([sms with { QueueId = Id(11) }, Node(2) with { QueueId = Id(12) }, new QueueWhisperConfigured(Id(11), silent, T0)]);
        var older = file with { Queues = [.. file.Queues.Select(q => q with { Whisper = WhisperRules.Default })] };
        foreach (var earlier in new[] { file, older })
        {
            Import(Center(changed), earlier).Queues[Id(1)].Whisper.ShouldBe(silent);
            Import(elsewhere, earlier).Queues[Id(11)].Whisper.ShouldBe(silent);
        }

        var set = file with { Queues = [.. file.Queues.Select(q => q with { Whisper = WhisperRules.Default with { WhisperText = "A text." } })] };
        SettingsImport.Of(Center(changed), set, At(1)).Problems.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(p => p.Code.ShouldBe("queue.takes_no_calls"), p => p.Path.ShouldEndWith(".whisper"));
    }

    [Fact]
    public void Queues_that_are_not_to_be_found_are_all_named()
    {
        var here = Center([Node(2) with { QueueId = Id(12) }, Node(2) with { QueueId = Id(22) }, Node(1, Channel.Sms)]);
        var problems = SettingsImport.Of(here, SettingsFile.Of(Full), At(1)).Problems;
        problems.Select(p => (p.Code, p.Path)).ShouldBe(
            [("queue_not_found", "queues[0]"), ("queue_ambiguous", "queues[1]"), ("queue_not_found", "queues[2]"), ("queue_not_found", "calls.ivr.queueId")]);
        problems[0].Message.ShouldContain("Queue 1");
    }

    [Fact]
    public void What_has_the_wrong_shape_is_all_named_by_place()
    {
        var file = SettingsFile.Of(Full);
        var messages = file.Messages.Count;
        file = file with
        {
            SupportCenter = file.SupportCenter with { TimeZone = "Nowhere" },
            Messages = [.. file.Messages, file.Messages[0], new(MessageKey.AfterHours, "en", new Message("")), null!],
            Queues = [file.Queues[0] with { Hours = Office with { TimeZone = "Nowhere" } }, file.Queues[1], file.Queues[1], file.Queues[2] with { ScheduledCalls = new(Enabled: true, 7, 1, 1, 1) }, null!],
        };
        SettingsImport.Of(Full, file, At(1)).Invalid.ShouldNotBeNull().Fields.Keys.ShouldBe(
            [
                "supportCenter.timeZone", $"messages[{messages}]", $"messages[{messages + 1}].text", $"messages[{messages + 2}]",
                "queues[0].hours.timeZone", "queues[2]", "queues[3].scheduledCalls.slotMinutes", "queues[4]",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void A_queue_that_is_not_in_the_file_stays_as_it_is()
    {
        var file = SettingsFile.Of(Full);
        var after = Import(Full, file with { Queues = [.. file.Queues.Where(q => q.Id != Id(2))] });
        after.Queues[Id(2)].ShouldBe(Full.Queues[Id(2)]);
    }

    [Fact]
    public void A_file_is_valid_as_a_whole_also_where_the_center_is_not()
    {
        var broken = Center([Node(1), Node(2), To(1, 3)]);
        var problem = SettingsImport.Of(broken, SettingsFile.Of(broken), At(1)).Problems.ShouldHaveSingleItem();
        (problem.Code, problem.Path).ShouldBe(("queue_not_found", $"queues.{Id(1)}.deflection.ivr.queueId"));
        var mended = SettingsFile.Of(Center([Node(1), Node(2), To(1, 2)]));
        Import(broken, mended).Queues[Id(1)].Deflection!.TargetQueueId().ShouldBe(Id(2));
    }

    private static CenterConfiguration Import(CenterConfiguration center, SettingsFile file)
    {
        var import = SettingsImport.Of(center, file, At(1));
        import.Invalid.ShouldBeNull();
        import.Problems.ShouldBeEmpty();
        return import.Events.Aggregate(center, (at, happened) => at.Apply(happened));
    }
}
