namespace ContactCenter.Benchmarks;

/// <summary>What is said instead of measuring.</summary>
/// <param name="Text">The words.</param>
/// <param name="IsRefusal">False for who asked how.</param>
internal sealed record Usage(string Text, bool IsRefusal)
{
    private const string Quick = "--quick";

    /// <summary>Answers who asks for help, or for what there is not; null if there is something to measure.</summary>
    /// <param name="args">As given.</param>
    /// <param name="groups">The groups there are.</param>
    public static Usage? Answer(IReadOnlyList<string> args, IReadOnlyList<string> groups)
    {
        var all = string.Join(' ', groups);
        if (args.Any(a => a is "--help" or "-h"))
        {
            return new Usage(
                $"""
                Usage: ./bench [group…] [{Quick}]
                Measures against a throw-away PostgreSQL; prints a table and writes artifacts/bench/results.json.
                  group     one or more of: {all}; all of them if none is named
                  {Quick}   fewer rounds: figures to look at, not to compare
                """,
                IsRefusal: false);
        }

        return args.FirstOrDefault(a => a != Quick && !groups.Contains(a)) is not { } unknown ? null : new Usage(
            $"There is no {(unknown.StartsWith('-') ? "option" : "group")} {unknown}. Groups: {all}. Options: {Quick}, --help.", IsRefusal: true);
    }
}
