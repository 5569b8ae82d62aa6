using System.Diagnostics;

namespace ContactCenter.Demo;

/// <summary>Tells each step as it happens, with the time since the beginning.</summary>
internal static class Story
{
    private static readonly Stopwatch Clock = Stopwatch.StartNew();
    private static readonly Lock Gate = new();

    public static void Tell(string line)
    {
        lock (Gate)
            Console.WriteLine($"{Clock.Elapsed.TotalSeconds,7:0.00} s  {line}");
    }

    public static void Chapter(string title)
    {
        lock (Gate)
            Console.WriteLine($"{Environment.NewLine}── {title} ──");
    }
}

/// <summary>Something did not go as it should.</summary>
internal sealed class DemoException(string message) : Exception(message);
