namespace ContactCenter.Domain.Recordings;

/// <summary>A time during which a call was recorded, from its beginning or a pause's end to the next pause or its end.</summary>
/// <param name="From">From then.</param>
/// <param name="Until">Until then.</param>
public readonly record struct RecordedStretch(DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>True if all of this time was recorded.</summary>
    public bool Holds(DateTimeOffset from, DateTimeOffset until) => from >= From && until <= Until;

    /// <summary>All of a recording that is over, in order.</summary>
    public static IReadOnlyList<RecordedStretch> Of(IEnumerable<RecordingEvent> happened)
    {
        List<RecordedStretch> stretches = [];
        DateTimeOffset? since = null;
        foreach (var one in happened)
        {
            switch (one)
            {
                case RecordingStarted e:
                    since = e.StartedAt;
                    break;
                case RecordingResumed e:
                    since = e.ResumedAt;
                    break;
                case RecordingPaused e:
                    End(e.PausedAt);
                    break;
                case RecordingStopped e:
                    End(e.StoppedAt);
                    break;
            }
        }

        return stretches;

        void End(DateTimeOffset at)
        {
            if (since is { } from)
                stretches.Add(new RecordedStretch(from, at));
            since = null;
        }
    }
}
