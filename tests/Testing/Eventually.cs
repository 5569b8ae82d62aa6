using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ContactCenter.Testing;

/// <summary>Waits for a condition instead of for time.</summary>
public static class Eventually
{
    /// <summary>Returns as soon as the condition holds; fails when it does not within the deadline.</summary>
    public static Task TrueAsync(Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), within, what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan?, string)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var deadline = within ?? TimeSpan.FromSeconds(30);
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > deadline)
                throw new TimeoutException($"Not within {deadline.TotalSeconds} s: {what}");
            await Task.Delay(10);
        }
    }
}
