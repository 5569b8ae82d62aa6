using ContactCenter.Benchmarks;
using ContactCenter.Testing;

if (args is [Listeners.Argument, var address, var token])
    return await Listeners.RunAsync(address, token);
IBenchGroup[] groups =
[
    new StoreBench(), new LargeLogBench(), new LagBench(), new ProjectionBench(), new CommandBench(), new DeflectionBench(), new DashboardBench(), new MonitorBench(),
    new RecordingBench(), new UploadBench(),
];
if (Usage.Answer(args, [.. groups.Select(g => g.Name)]) is { } answer)
{
    await (answer.IsRefusal ? Console.Error : Console.Out).WriteLineAsync(answer.Text);
    return answer.IsRefusal ? 2 : 0;
}
var wanted = args.Where(a => !a.StartsWith('-')).ToList();
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
