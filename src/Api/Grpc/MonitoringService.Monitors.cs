using ContactCenter.Api.Errors;
using ContactCenter.Api.Live;
using ContactCenter.Api.OpenApi;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Monitoring;
using ContactCenter.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using DomainMode = ContactCenter.Domain.Monitoring.MonitorMode;
using MonitorMode = ContactCenter.V1.MonitorMode;
using SessionMonitor = ContactCenter.V1.SessionMonitor;

namespace ContactCenter.Api.Grpc;

/// <content>Monitor, coach, barge, take over and stop; the call's audio and the chat's live view (MON-2, MON-5, MON-7, MON-8).</content>
public sealed partial class MonitoringService
{
    /// <inheritdoc/>
    [Sends(typeof(StartMonitor))]
    public override async Task<SessionMonitor> StartMonitor(StartMonitorRequest request, ServerCallContext context)
    {
        var mode = ModeOf(request.Mode) ?? DomainMode.Silent;
        var started = await calls.AskAsync(
            new StartMonitor(request.MonitorId.Length == 0 ? null : GrpcCall.Id(request.MonitorId, "monitorId"), GrpcCall.Id(request.SessionId, "sessionId"), mode, Voice(request.Voice)), context);
        return await MonitorAsync(started.Id, context);
    }

    /// <inheritdoc/>
    [Sends(typeof(GetMonitor))]
    public override Task<SessionMonitor> GetMonitor(GetMonitorRequest request, ServerCallContext context) =>
        MonitorAsync(GrpcCall.Id(request.MonitorId, "monitorId"), context);

    /// <inheritdoc/>
    [Sends(typeof(ChangeMonitorMode))]
    public override async Task<SessionMonitor> ChangeMonitorMode(ChangeMonitorModeRequest request, ServerCallContext context)
    {
        var mode = ModeOf(request.Mode) ?? throw Unknown("mode");
        var changed = await calls.AskAsync(new ChangeMonitorMode(GrpcCall.Id(request.MonitorId, "monitorId"), mode, Voice(request.Voice)), context);
        return await MonitorAsync(changed.Id, context);
    }

    /// <inheritdoc/>
    [Sends(typeof(StopMonitor))]
    public override async Task<SessionMonitor> StopMonitor(StopMonitorRequest request, ServerCallContext context)
    {
        var monitorId = GrpcCall.Id(request.MonitorId, "monitorId");
        await calls.AskAsync(new StopMonitor(monitorId), context);
        return await MonitorAsync(monitorId, context);
    }

    /// <inheritdoc/>
    [Sends(typeof(TakeOverSession))]
    public override async Task<SessionMonitor> TakeOver(TakeOverRequest request, ServerCallContext context)
    {
        var monitorId = GrpcCall.Id(request.MonitorId, "monitorId");
        await calls.AskAsync(new TakeOverSession(monitorId), context);
        return await MonitorAsync(monitorId, context);
    }

    /// <inheritdoc/>
    [Sends(typeof(SendSupervisorMessage))]
    public override async Task<WriteInChatResponse> WriteInChat(WriteInChatRequest request, ServerCallContext context)
    {
        await calls.AskAsync(
            new SendSupervisorMessage(GrpcCall.Id(request.MonitorId, "monitorId"), GrpcCall.Id(request.MessageId, "messageId"), request.Text), context);
        return new WriteInChatResponse();
    }

    /// <inheritdoc/>
    [Sends(typeof(StartMonitor), typeof(HearCall))]
    public override async Task Listen(ListenRequest request, IServerStreamWriter<AudioFrame> responseStream, ServerCallContext context)
    {
        var mode = ModeOf(request.Mode) ?? DomainMode.Silent;
        var begins = BeginsWithStream(request.SessionId, request.MonitorId);
        var monitorId = begins
            ? (await calls.AskAsync(new StartMonitor(null, GrpcCall.Id(request.SessionId, "sessionId"), mode, Voice(request.Voice)), context)).Id
            : GrpcCall.Id(request.MonitorId, "monitorId");
        await using var stream = await OpenAsync(monitorId, begins, context);
        var frames = await calls.AskAsync(new HearCall(monitorId), context);
        await PumpAsync(frames, ToProto, responseStream, stream, context);
    }

    /// <inheritdoc/>
    [Sends(typeof(ViewChat), typeof(FollowMonitor))]
    public override async Task ViewChat(ViewChatRequest request, IServerStreamWriter<ChatViewEvent> responseStream, ServerCallContext context)
    {
        if (request.AfterVersion < 0)
            throw new BadFieldException("afterVersion", "Must not be negative.");
        var begins = BeginsWithStream(request.SessionId, request.MonitorId);
        var monitorId = begins
            ? (await calls.AskAsync(new ViewChat(GrpcCall.Id(request.SessionId, "sessionId")), context)).Id
            : GrpcCall.Id(request.MonitorId, "monitorId");
        await using var stream = await OpenAsync(monitorId, begins, context);
        var token = Admission.Of(context).Token;
        var monitor = (await access.AskAsync(context.GetHttpContext(), monitorId, token)).Value
            ?? throw (await access.WhyNotAsync(context.GetHttpContext(), monitorId)).ToRpcException();
        if (monitor.Kind != Domain.Sessions.SessionKind.Chat)
            throw new BadFieldException("sessionId", "Must be a chat.");
        if (MonitorDecider.WhyNotViewed(monitor.Kind, isOver: monitor.StoppedAt is not null) is { } over)
            throw over.ToRpcException();
        var events = await live.OfMonitorAsync(monitor, request.AfterVersion == 0 ? null : request.AfterVersion, () => access.AskAsync(context.GetHttpContext(), monitorId, token), token);
        await PumpAsync(events, ToProto, responseStream, stream, context);
    }

    private static bool BeginsWithStream(string sessionId, string monitorId) => (sessionId.Length > 0, monitorId.Length > 0) switch
    {
        (true, true) => throw new BadFieldException("monitorId", "Give a session or a monitoring, not both."),
        (_, var isThere) => !isThere,
    };

    private async Task<MonitorStream> OpenAsync(Guid monitorId, bool begins, ServerCallContext context)
    {
        var token = Admission.Of(context).Token;
        var monitor = await calls.AskAsync(new FollowMonitor(monitorId), context);
        return await streams.OpenAsync(monitor, begins, ct => access.AskAsync(context.GetHttpContext(), monitorId, ct), token);
    }

    /// <summary>Gives what comes until it ends, or the monitoring does; the trailer says why.</summary>
    private async Task PumpAsync<TFrame, TMessage>(
        IAsyncEnumerable<TFrame> frames, Func<TFrame, TMessage> message, IServerStreamWriter<TMessage> responses, MonitorStream stream, ServerCallContext context)
    {
        var caller = Admission.Of(context).Token;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(caller, stream.Ended);
        await using var client = context.GetHttpContext().WatchClient(stream, clock);
        try
        {
            await using var heard = frames.GetAsyncEnumerator(end.Token);
            // The client knows that it hears the call before the first frame comes.
            for (var goesOn = await heard.FirstAsync(TellAsync, end); goesOn; goesOn = await heard.MoveNextAsync())
            {
                // Whoever watches the client sees how long it takes nothing.
                stream.WritingSince = clock.GetTimestamp();
                await responses.WriteAsync(message(heard.Current), end.Token);
                stream.WritingSince = 0;
            }

            // What is streamed may be the first to find the right lost.
            if (stream.Reason is null)
                await streams.RecheckAsync(stream, end.Token);
            await stream.WaitForReasonAsync(clock);
        }
        catch (OperationCanceledException) when (stream.Ended.IsCancellationRequested && !caller.IsCancellationRequested)
        {
            // The monitoring is over; the trailer says why.
        }

        context.ResponseTrailers.Add(MonitorAccess.EndedTrailer, stream.Reason ?? MonitorEnds.StreamClosed);
        if (stream.Reason == MonitorEnds.RightLost)
            throw (await access.WhyNotAsync(context.GetHttpContext(), stream.MonitorId)).ToRpcException();

        Task TellAsync() => context.WriteResponseHeadersAsync([new Metadata.Entry(MonitorAccess.IdHeader, stream.MonitorId.ToString("D"))]);
    }

    private async Task<SessionMonitor> MonitorAsync(Guid monitorId, ServerCallContext context)
    {
        var m = await calls.AskAsync(new GetMonitor(monitorId), context);
        return new SessionMonitor
        {
            MonitorId = m.MonitorId.ToString("D"),
            SessionId = m.SessionId.ToString("D"),
            Kind = m.Kind.ToProto(),
            Mode = m.Mode switch
            {
                DomainMode.Coach => MonitorMode.Coach,
                DomainMode.Barge => MonitorMode.Barge,
                _ => MonitorMode.Silent,
            },
            StartedAt = m.StartedAt.ToTimestamp(),
            StoppedAt = m.StoppedAt?.ToTimestamp(),
            StopReason = m.StopReason ?? string.Empty,
        };
    }

    private static DomainMode? ModeOf(MonitorMode mode) => mode switch
    {
        MonitorMode.Unspecified => null,
        MonitorMode.Silent => DomainMode.Silent,
        MonitorMode.Coach => DomainMode.Coach,
        MonitorMode.Barge => DomainMode.Barge,
        _ => throw Unknown("mode"),
    };

    private static string? Voice(string voice) => voice.Length == 0 ? null : voice;

    private static AudioFrame ToProto(Application.Media.AudioFrame frame) => new()
    {
        Sequence = frame.Sequence,
        TimestampMs = (long)frame.Timestamp.TotalMilliseconds,
        // The frame is the same for every listener, and nobody writes to it.
        Pcm = UnsafeByteOperations.UnsafeWrap(frame.Pcm),
    };

    private static ChatViewEvent ToProto(ServerSentEvent happened)
    {
        var view = new ChatViewEvent { Version = long.Parse(happened.Id ?? "0", System.Globalization.CultureInfo.InvariantCulture) };
        switch (happened.Data)
        {
            case SessionSnapshot { Session: SessionDetails session } snapshot:
                view.Opened = new ChatOpened { Header = Header(session), Transcript = { snapshot.Messages.Select(m => m.ToProto()) } };
                break;
            case TranscriptEntry message:
                view.Message = message.ToProto();
                break;
            case SessionDetails session:
                view.Changed = Header(session);
                break;
        }

        return view;
    }

    private static ChatHeader Header(SessionDetails session) => new()
    {
        SessionId = session.SessionId.ToString("D"),
        Status = session.Status.ToProto(),
        AgentName = session.VirtualAgent ?? session.AgentName ?? string.Empty,
        Consumer = string.IsNullOrEmpty(session.ConsumerName) ? session.ConsumerId.ToString("D") : session.ConsumerName,
        QueuePath = { session.QueuePath },
        TicketUrl = session.TicketUrl ?? string.Empty,
        Supervisors = { ConsumerView.Of(session).Supervisors },
    };
}
