using ContactCenter.Infrastructure.Recordings;
using ContactCenter.Infrastructure.Recordings.S3;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>What a node does about its own disk when it starts (ADR 0065).</summary>
public sealed class SpoolTests
{
    [Fact]
    public async Task A_node_that_keeps_recordings_in_a_bucket_takes_up_its_spool_when_it_starts_and_again_until_that_is_done()
    {
        var spool = new Spool();
        var api = new TestApi("--CONTACTCENTER_RECORDINGS_BUCKET=recordings", "--CONTACTCENTER_RECORDINGS_BUCKET_LOCATION=eu-central-1")
        {
            Change = services =>
            {
                // There is no bucket: only who asks the spool is looked at.
                services.RemoveAll<IRecordingPlace>();
                services.AddSingleton<IRecordingSpool>(spool);
                services.AddSingleton<TimeProvider>(new QuickClock());
            },
        };
        await api.InitializeAsync();
        await Eventually.TrueAsync(() => spool.IsTakenUp, TimeSpan.FromSeconds(60));
        await api.DisposeAsync();
    }

    /// <summary>Fails once.</summary>
    private sealed class Spool : IRecordingSpool
    {
        private int times;

        public bool IsTakenUp { get; private set; }

        public Task TakeUpAsync(CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref times) == 1)
                throw new IOException("The bucket does not answer.");
            IsTakenUp = true;
            return Task.CompletedTask;
        }
    }

    /// <summary>Waits of ten seconds, which are those before another attempt, take one.</summary>
    private sealed class QuickClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == TimeSpan.FromSeconds(10) ? dueTime / 10 : dueTime, period);
    }
}
