namespace ContactCenter.Domain.Sessions;

/// <content>Calls that nobody is in but their consumer, and whose end was never reported: they end after the longest that each may take.</content>
public static partial class SessionDecider
{
    /// <summary>Why a call ended whose message, greeting, question or redirection never came to an end by itself.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>A closing message; what is longer is cut off.</summary>
    public static readonly TimeSpan LongestMessage = TimeSpan.FromMinutes(15);

    /// <summary>From the wish to hand a caller on to the report that they are: it rings at most a minute there.</summary>
    public static readonly TimeSpan LongestRedirection = TimeSpan.FromMinutes(2);

    /// <summary>A booked call, or a number outside, rings at most a minute; then the report of it is due.</summary>
    public static readonly TimeSpan LongestRinging = TimeSpan.FromSeconds(90);

    /// <summary>True if a number outside should have answered by now, or have been reported as not reached.</summary>
    public static bool IsOutsideOverdue(Session s, DateTimeOffset now) => s.Outside is { JoinedAt: null } outside && now >= outside.Since + LongestRinging;

    /// <summary>Why a call should be over by now, as the reason it ends with; null while it need not be.</summary>
    public static string? WhyOverdue(Session s, DateTimeOffset now) => s switch
    {
        _ when IsRinging(s) => now >= s.RequestedAt + LongestRinging ? "no_answer" : null,
        { Status: SessionStatus.Requested, RedirectedAt: { } since } => now >= since + LongestRedirection ? TimedOut : null,
        { Status: SessionStatus.Requested, Deflection.DeflectedAt: var since } => now >= since + LongestMessage ? TimedOut : null,
        _ => null,
    };
}
