using ContactCenter.Benchmarks;
using ContactCenter.Testing;

if (args is [Listeners.Argument, var address, var token])
    return await Listeners.RunAsync(address, token);
IBenchGroup[] groups =
[
    new StoreBench(), new LargeLogBench(), new LiveTailBench(), new ProjectionBench(), new CommandBench(), new DeflectionBench(), new DashboardBench(), new MonitorBench(),
    new RecordingBench(), new UploadBench(),
];
var wanted = args.Where(a => !a.StartsWith('-')).ToList();
if (wanted.Find(name => Array.TrueForAll(groups, g => g.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no group {unknown}. Groups: {string.Join(' ', groups.Select(g => g.Name))}");
    return 1;
}
await using var cluster = await PostgresCluster.StartAsync();
var context = new BenchContext(cluster, quick: args.Contains("--quick"));
foreach (var group in groups.Where(g => wanted.Count == 0 || wanted.Contains(g.Name)))
{
    Console.WriteLine(group.Name);
    await group.RunAsync(context);
    context.Save("artifacts/bench/results.json");
}
Console.WriteLine("Written to artifacts/bench/results.json");
return 0;
