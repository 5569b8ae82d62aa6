using System.Collections.Concurrent;
using System.Globalization;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>What parties say: a tone, or a WAV file of one folder, spoken once, then silence.</summary>
internal sealed class Voices(string? folder, ILogger logger)
{
    private const string TonePrefix = "tone:";
    private const string LinePrefix = "line:";
    private readonly ConcurrentDictionary<string, Sound> _files = new(StringComparer.Ordinal);

    /// <summary>The voice, or null if there is no such tone or readable file.</summary>
    public Sound? Find(string? voice, Party party)
    {
        if (voice is null)
            return Sound.VoiceOf(party);
        if (voice.StartsWith(LinePrefix, StringComparison.Ordinal))
            return null;
        if (voice.StartsWith(TonePrefix, StringComparison.Ordinal))
        {
            return int.TryParse(voice.AsSpan(TonePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var hz)
                && hz is > 0 and < PhoneAudio.SampleRate / 2 ? Sound.Voice(hz) : null;
        }

        try
        {
            return _files.GetOrAdd(voice, Load);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            logger.LogWarning(e, "The simulated party has no voice: {Voice} cannot be read", voice);
            return null;
        }
    }

    private Sound Load(string name)
    {
        if (folder is null || Path.GetFileName(name) != name || name is "." or "..")
            throw new FileNotFoundException("Not a file of the voices folder.");
        using var file = File.OpenRead(Path.Combine(folder, name));
        var audio = WavReader.Read(file);
        return new Sound(Resampler.ToPhone(audio.Samples, audio.SampleRate), Loops: false);
    }
}

/// <summary>Brings audio of any rate to 8 kHz.</summary>
internal static class Resampler
{
    private const int Phases = 512;
    private const int Lobes = 12;

    /// <summary>Resamples with a windowed sinc, so that what 8 kHz cannot hold is left out instead of folded back.</summary>
    public static short[] ToPhone(short[] samples, int rate)
    {
        if (rate == PhoneAudio.SampleRate)
            return samples;
        var step = (double)rate / PhoneAudio.SampleRate;
        var kernel = Kernel(Math.Min(1, 1 / step), out var reach);
        var result = new short[(int)(samples.Length / step)];
        for (var i = 0; i < result.Length; i++)
        {
            var at = i * step;
            var whole = (int)at;
            var weights = kernel[(int)((at - whole) * Phases)];
            var sum = 0.0;
            var from = Math.Max(0, whole - reach);
            var to = Math.Min(samples.Length - 1, whole + reach);
            for (var j = from; j <= to; j++)
                sum += samples[j] * weights[j - whole + reach];
            result[i] = (short)Math.Clamp(Math.Round(sum), short.MinValue, short.MaxValue);
        }

        return result;
    }

    /// <summary>For each fraction of a sample, the weights of the samples around it.</summary>
    private static double[][] Kernel(double cutoff, out int reach)
    {
        var width = (int)Math.Ceiling(Lobes / cutoff);
        reach = width;
        return [.. Enumerable.Range(0, Phases).Select(phase =>
        {
            var fraction = (double)phase / Phases;
            double[] weights = [.. Enumerable.Range(-width, (2 * width) + 1).Select(j => Weight(j - fraction))];
            var sum = weights.Sum();
            return weights.Select(weight => weight / sum).ToArray();
        })];

        double Weight(double x)
        {
            if (Math.Abs(x) >= width)
                return 0;
            var sinc = x == 0 ? 1 : Math.Sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
            return sinc * (0.5 + (0.5 * Math.Cos(Math.PI * x / width)));
        }
    }
}
