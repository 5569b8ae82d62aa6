using System.Runtime.InteropServices;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>
/// Asks Linux to let the calling thread run as soon as it wants to, before all that is not urgent: it works for less than a
/// millisecond and sleeps for the rest of twenty, and a call hears it when it comes late. Needs <c>CAP_SYS_NICE</c> or a
/// limit for real-time priorities; without, it is a thread as any other.
/// </summary>
internal static class RealTimeThread
{
    private const int RoundRobin = 2;

    /// <summary>True if it was granted.</summary>
    public static bool TryBecome()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var priority = 1;
        try
        {
            return SetScheduler(0, RoundRobin, ref priority) == 0;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "sched_setscheduler", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduler(int thread, int policy, ref int priority);
}
