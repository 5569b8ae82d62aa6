using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Tests.Queues;

public sealed class WhisperTests
{
    [Theory]
    [InlineData(Channel.Ivr, "IVR call from Billing")]
    [InlineData(Channel.Mobile, "Mobile call from Billing")]
    [InlineData(Channel.Web, "Web call from Billing")]
    public void The_default_whisper_names_call_type_and_queue(Channel channel, string expected) =>
        Whisper.For(Queue(channel, WhisperRules.Default), SessionKind.Call).ShouldBe(new Preparation(expected, Speed: 1, Countdown: false));

    [Fact]
    public void A_booked_call_is_announced_as_one() =>
        Whisper.For(Queue(Channel.Mobile, WhisperRules.Default), SessionKind.Call, isScheduled: true).WhisperText!.ShouldStartWith("Scheduled call from");

    [Fact]
    public void A_queues_own_text_is_said_with_its_words_replaced() =>
        Whisper.For(Queue(Channel.Web, new WhisperRules(WhisperEnabled: true, "{Queue Name}: a {call type}", Speed: 1.5, Countdown: true)), SessionKind.Call)
            .ShouldBe(new Preparation("Billing: a Web call", Speed: 1.5, Countdown: true));

    [Fact]
    public void A_countdown_alone_is_a_preparation() =>
        Whisper.For(Queue(Channel.Web, new WhisperRules(WhisperEnabled: false, WhisperText: null, Speed: 1, Countdown: true)), SessionKind.Call)
            .ShouldBe(new Preparation(WhisperText: null, Speed: 1, Countdown: true));

    [Fact]
    public void Nothing_is_played_when_all_is_off_or_for_a_chat()
    {
        var off = new WhisperRules(WhisperEnabled: false, "Hello", Speed: 1.5, Countdown: false);
        Whisper.For(Queue(Channel.Web, off), SessionKind.Call).ShouldBe(Preparation.None);
        Whisper.For(Queue(Channel.Web, WhisperRules.Default), SessionKind.Chat).ShouldBe(Preparation.None);
    }

    private static Queue Queue(Channel channel, WhisperRules rules) =>
        Domain.Queues.Queue.Initial with { Id = Spec.Id(1), Name = "Billing", Channel = channel, Whisper = rules };
}
