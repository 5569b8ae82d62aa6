using System.Globalization;
using System.Text.Json;
using ContactCenter.Testing;

namespace ContactCenter.Benchmarks;

/// <summary>One group of measurements, run as <c>./bench &lt;name&gt;</c>.</summary>
internal interface IBenchGroup
{
    string Name { get; }

    Task RunAsync(BenchContext context);
}

/// <summary>What a group measures with, and where its figures go.</summary>
internal sealed class BenchContext(PostgresCluster cluster, bool quick)
{
    private readonly SortedDictionary<string, double> figures = new(StringComparer.Ordinal);
    private int databases;

    /// <summary>The one throw-away cluster that everything of this run is measured against.</summary>
    public PostgresCluster Cluster { get; } = cluster;

    /// <summary>True if the whole group should take less than a minute.</summary>
    public bool Quick { get; } = quick;

    /// <summary>How long one measurement takes.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(Quick ? 1 : 5);

    /// <summary>How long a warm-up may take at most.</summary>
    public TimeSpan WarmLimit => TimeSpan.FromSeconds(Quick ? 14 : 60);

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"bench_{Interlocked.Increment(ref databases)}";
        await Cluster.RunClientAsync("psql", "postgres", "-c", $"create database {name}");
        return Cluster.ConnectionString(name);
    }

    /// <summary>Records a figure and prints it.</summary>
    public void Record(string name, double value)
    {
        figures[name] = Math.Round(value, value < 10 ? 3 : 1);
        Console.WriteLine($"  {name,-34} {figures[name].ToString("#,0.###", CultureInfo.InvariantCulture),14}");
    }

    public double this[string name] => figures[name];

    /// <summary>Merges this run's figures into the file, a flat object of name to number.</summary>
    public void Save(string path)
    {
        var all = File.Exists(path)
            ? JsonSerializer.Deserialize<SortedDictionary<string, double>>(File.ReadAllText(path))!
            : [];
        foreach (var (name, value) in figures)
            all[name] = value;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(new SortedDictionary<string, double>(all, StringComparer.Ordinal), Json) + "\n");
    }

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };
}
