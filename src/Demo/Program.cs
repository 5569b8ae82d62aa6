using ContactCenter.Demo;

// Lives one day of a contact center through its public interfaces only, as outside clients would: REST for the
// consumer, the supervisor and the auditor, gRPC for the agent. Started by ./run --demo.
var voice = args.Length > 0 ? Path.GetFullPath(args[0]) : null;
using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
try
{
    await using var day = await Day.BeginAsync(patience.Token);
    await day.PrepareAsync();
    await day.LiveThroughACallAsync(voice);
    await day.LiveThroughAChatAsync();
    await day.LiveThroughTheNightAsync();
    await day.AskTheAuditorAsync();
    Story.Tell("The day is over. Everything above went through the public interfaces.");
    return 0;
}
catch (DemoException e)
{
    await Console.Error.WriteLineAsync($"The demo stopped: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("The demo stopped: something that should have happened did not within three minutes.");
    return 1;
}
