using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace ContactCenter.Api.Operations;

/// <summary>
/// Keeps what the product's meters and the server's say, and writes it as Prometheus text (version 0.0.4). Counters
/// and histograms cost one dictionary look-up a measurement, and no allocation; a metric keeps at most 1,000 sets of labels.
/// </summary>
public sealed class PrometheusMetrics : IDisposable
{
    private const int MaxSeries = 1000;

    private static readonly string[] Meters =
        ["ContactCenter", "contactcenter.", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime"];

    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, Metric> metrics = new();

    /// <summary>Begins to listen.</summary>
    public PrometheusMetrics()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (Array.Exists(Meters, m => instrument.Meter.Name.StartsWith(m, StringComparison.Ordinal)))
                self.EnableMeasurementEvents(instrument, metrics.GetOrAdd(instrument, i => new Metric(i)));
        };
        listener.MeasurementsCompleted = (instrument, _) => metrics.TryRemove(instrument, out Metric? _);
        Listen<byte>(v => v);
        Listen<short>(v => v);
        Listen<int>(v => v);
        Listen<long>(v => v);
        Listen<float>(v => v);
        Listen<double>(v => v);
        Listen<decimal>(v => (double)v);
        listener.Start();
    }

    /// <summary>Everything, now.</summary>
    public string Write()
    {
        foreach (var metric in metrics.Values)
            metric.Forget();
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var metric in metrics.Values.GroupBy(m => m.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            // Two meters may publish one name; its head may stand only once.
            metric.First().WriteHead(text);
            foreach (var one in metric)
                one.WriteSeries(text);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private void Listen<T>(Func<T, double> number)
        where T : struct =>
        listener.SetMeasurementEventCallback<T>((_, value, tags, state) => ((Metric)state!).Record(number(value), tags));

    private sealed class Metric
    {
        private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> series = new(new TagsComparer());
        private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> known;
        private readonly Instrument instrument;
        private readonly string type;
        private readonly bool adds;

        public Metric(Instrument instrument)
        {
            this.instrument = instrument;
            known = series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
            var generic = instrument.GetType().GetGenericTypeDefinition();
            adds = generic == typeof(Counter<>) || generic == typeof(UpDownCounter<>);
            type = generic == typeof(Histogram<>) ? "histogram"
                : generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>) ? "counter"
                : "gauge";
            var unit = instrument.Unit == "s" ? "_seconds" : instrument.Unit == "By" ? "_bytes" : string.Empty;
            Name = Plain(instrument.Name) + unit + (type == "counter" ? "_total" : string.Empty);
        }

        public string Name { get; }

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (!known.TryGetValue(tags, out var one))
            {
                if (series.Count >= MaxSeries)
                    return;
                one = series.GetOrAdd(tags.ToArray(), static labels => new Series(Labels(labels)));
            }

            one.Record(value, adds, isHistogram: type == "histogram");
        }

        /// <summary>What is observed is whole each time: a set of labels that is gone must not linger.</summary>
        public void Forget()
        {
            if (instrument.IsObservable)
                series.Clear();
        }

        public void WriteHead(StringBuilder text)
        {
            // Some of the runtime's have none: their own name says as much as there is.
            var help = instrument.Description is { Length: > 0 } description ? description : instrument.Name;
            text.Append("# HELP ").Append(Name).Append(' ').Append(help.ReplaceLineEndings(" ")).Append('\n');
            text.Append("# TYPE ").Append(Name).Append(' ').Append(type).Append('\n');
        }

        public void WriteSeries(StringBuilder text)
        {
            foreach (var one in series.Values)
                one.Write(text, Name, isHistogram: type == "histogram");
        }

        private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = new StringBuilder();
            foreach (var (name, value) in tags)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(Plain(name)).Append("=\"");
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n"));
                text.Append('"');
            }

            return text.ToString();
        }

        private static string Plain(string name) => string.Create(name.Length, name, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        });
    }

    /// <summary>The same names and values in the same order, so that a measurement finds its series without writing its labels.</summary>
    private sealed class TagsComparer :
        IEqualityComparer<KeyValuePair<string, object?>[]>,
        IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => Equals(x.AsSpan(), y!);

        public int GetHashCode(KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
        {
            if (alternate.Length != other.Length)
                return false;
            for (var i = 0; i < other.Length; i++)
            {
                if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value))
                    return false;
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = new HashCode();
            foreach (var (name, value) in alternate)
            {
                hash.Add(name, StringComparer.Ordinal);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }

    private sealed class Series(string labels)
    {
        private readonly Lock gate = new();
        private readonly long[] buckets = new long[Bounds.Length];
        private double sum;
        private long count;

        public void Record(double value, bool adds, bool isHistogram)
        {
            lock (gate)
            {
                count++;
                sum = adds || isHistogram ? sum + value : value;
                for (var i = 0; isHistogram && i < Bounds.Length; i++)
                    buckets[i] += value <= Bounds[i] ? 1 : 0;
            }
        }

        public void Write(StringBuilder text, string name, bool isHistogram)
        {
            lock (gate)
            {
                if (!isHistogram)
                {
                    Line(text, name, labels, sum);
                    return;
                }

                var more = labels.Length == 0 ? string.Empty : labels + ",";
                for (var i = 0; i < Bounds.Length; i++)
                    Line(text, name + "_bucket", $"{more}le=\"{Bounds[i].ToString(CultureInfo.InvariantCulture)}\"", buckets[i]);
                Line(text, name + "_bucket", $"{more}le=\"+Inf\"", count);
                Line(text, name + "_sum", labels, sum);
                Line(text, name + "_count", labels, count);
            }
        }

        private static void Line(StringBuilder text, string name, string labels, double value)
        {
            text.Append(name);
            if (labels.Length > 0)
                text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
