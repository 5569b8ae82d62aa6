using System.Globalization;
using System.Text;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Outbox;
using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.Outbox;
using ContactCenter.Infrastructure.Projections;

namespace ContactCenter.Api.Operations;

/// <summary>
/// The figures that the database tells when asked: how far read models are, what holds back the log's readers, what
/// waits in the outbox, for how long the oldest recording has waited there, and how many were lost. The same on every node. Names are listed in <c>docs/metrics.md</c> and never change. An answer
/// is kept for a second, so that many scrapers cost one look.
/// </summary>
public sealed class OperationFigures(
    IProjectionControl projections, LogMaintenance log, OutboxStore outbox, LostRecordings lost, IServiceScopeFactory scopes, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);
    private static readonly string[] States = ["live", "rebuilding", "paused"];

    private readonly SemaphoreSlim one = new(1, 1);
    private readonly Lazy<string[]> lanes = new(() => LanesOf(scopes));
    private (DateTimeOffset At, string Text)? last;

    /// <summary>As Prometheus text; without the database only that it is not there.</summary>
    public async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            if (last is not { } kept || now - kept.At > KeptFor)
                last = kept = (now, await LookAsync(cancellationToken));
            return kept.Text;
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    /// <summary>Also those with nothing in them: a figure that comes and goes is hard to watch.</summary>
    private static string[] LanesOf(IServiceScopeFactory scopes)
    {
        using var scope = scopes.CreateScope();
        return [.. scope.ServiceProvider.GetServices<IOutboxHandler>().SelectMany(h => h.Kinds).Concat([OutboxKinds.OfferTimer, OutboxKinds.RecordingUpload])
            .Select(kind => kind.Split('.')[0]).Distinct(StringComparer.Ordinal)];
    }

    private async Task<string> LookAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var tables = await projections.ListAsync(limit.Token);
            var health = await log.HealthAsync(limit.Token);
            var waiting = await outbox.LanesAsync(limit.Token);
            var oldest = await outbox.OldestWaitingRecordingAsync(limit.Token);
            var gone = await lost.ReadAsync(limit.Token);
            Up(text, 1);
            Projections(text, tables);
            Gauge(text, "contactcenter_log_oldest_write_seconds", "Age of the oldest open write transaction; the log's readers wait for it.", [("", health.OldestWriteAge.TotalSeconds)]);
            Gauge(text, "contactcenter_recordings_oldest_waiting_seconds", "Age of the oldest recording that waits for the CRM; 0 if none does.",
                [("", oldest is { } since ? (clock.GetUtcNow() - since).TotalSeconds : 0)]);
            Lost(text, gone);
            Outbox(text, [.. lanes.Value.Except(waiting.Select(w => w.Lane)).Select(lane => new OutboxLaneFigures(lane, 0, 0, 0, TimeSpan.Zero)).Concat(waiting)]);
        }
        catch (Exception e) when (Transience.IsUnavailable(e) || e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            text.Clear();
            Up(text, 0);
        }

        return text.ToString();
    }

    private static void Up(StringBuilder text, double up) =>
        Gauge(text, "contactcenter_database_up", "1 if the database answered this node, else 0; then the figures that it tells are missing.", [("", up)]);

    private static void Projections(StringBuilder text, IReadOnlyList<ProjectionStatus> tables)
    {
        Gauge(text, "contactcenter_projection_lag_events", "Events a read model has yet to fold, counted up to 10000.",
            tables.Select(t => (Labels(t), (double)t.EventsBehind)));
        Gauge(text, "contactcenter_projection_lag_seconds", "Age of the oldest event a read model has yet to fold; 0 if there is none.",
            tables.Select(t => (Labels(t), t.LagMilliseconds / 1000)));
        Gauge(text, "contactcenter_projection_state", "1 for the state a read model is in: live, rebuilding or paused; else 0.",
            tables.SelectMany(t => States.Select(state => ($"{Labels(t)},state=\"{state}\"", StateOf(t) == state ? 1.0 : 0))));
    }

    /// <summary>What is not known is not told: a figure that fell to 0 and rose again would be a loss that never was.</summary>
    private static void Lost(StringBuilder text, (long Count, DateTimeOffset? LastAt)? gone)
    {
        if (gone is not (var count, var lastAt))
            return;
        Figure(text, "contactcenter_recordings_purged_unuploaded_total", "Recordings destroyed at their limit that the CRM never confirmed.", "counter", [("", count)]);
        Gauge(text, "contactcenter_recordings_purged_unuploaded_last_timestamp_seconds", "When the last of them was destroyed, in seconds since 1970; 0 if none was. Alert on a recent one.",
            [("", lastAt is { } at ? at.ToUnixTimeMilliseconds() / 1000.0 : 0)]);
    }

    private static void Outbox(StringBuilder text, OutboxLaneFigures[] waiting)
    {
        Gauge(text, "contactcenter_outbox_depth", "Messages in the outbox that are not done, also those due later.", waiting.Select(w => (Labels(w), (double)w.Depth)));
        Gauge(text, "contactcenter_outbox_due", "Messages in the outbox that are due.", waiting.Select(w => (Labels(w), (double)w.Due)));
        Gauge(text, "contactcenter_outbox_failing", "Messages in the outbox that have failed before.", waiting.Select(w => (Labels(w), (double)w.Failing)));
        Gauge(text, "contactcenter_outbox_oldest_due_seconds", "How long the oldest due message in the outbox has been due; 0 if none is.",
            waiting.Select(w => (Labels(w), w.OldestDue.TotalSeconds)));
    }

    private static string StateOf(ProjectionStatus table) => table.Status == "building" ? "rebuilding" : table.Status;

    private static string Labels(ProjectionStatus table) =>
        string.Create(CultureInfo.InvariantCulture, $"projection=\"{table.Name}\",build=\"v{table.Version}.{table.Generation}\"");

    private static string Labels(OutboxLaneFigures lane) => $"lane=\"{lane.Lane}\"";

    private static void Gauge(StringBuilder text, string name, string help, IEnumerable<(string Labels, double Value)> series) =>
        Figure(text, name, help, "gauge", series);

    private static void Figure(StringBuilder text, string name, string help, string type, IEnumerable<(string Labels, double Value)> series)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (var (labels, value) in series)
        {
            text.Append(name);
            if (labels.Length > 0)
                text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(Math.Max(0, value).ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
