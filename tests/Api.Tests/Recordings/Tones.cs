using ContactCenter.Application.Recordings;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>Voices that say a tone of their own in each stretch of time, and which tones are in what was recorded.</summary>
internal static class Tones
{
    private const int Rate = 8000;

    /// <summary>20 ms: every tone here is a whole number of its periods, so none leaks into another.</summary>
    private const int Frame = 160;

    /// <summary>Writes a voice: each tone for so many frames of 20 ms, one after the other.</summary>
    public static void Write(string file, IEnumerable<(int Hz, int Frames)> says)
    {
        var samples = says.SelectMany(s => Enumerable.Range(0, s.Frames * Frame).Select(i => (short)(s.Hz == 0 ? 0 : 6000 * Math.Sin(2 * Math.PI * s.Hz * i / Rate)))).ToArray();
        using var stream = File.Create(file);
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + (samples.Length * 2));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(Rate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length * 2);
        foreach (var sample in samples)
            writer.Write(sample);
    }

    /// <summary>The loudest that a tone is anywhere in a WAV file.</summary>
    public static double Loudest(byte[] wav, int hz)
    {
        using var file = new MemoryStream(wav);
        var samples = WavReader.Read(file).Samples;
        var loudest = 0.0;
        for (var at = 0; at + Frame <= samples.Length; at += Frame)
            loudest = Math.Max(loudest, Strength(samples.AsSpan(at, Frame), hz));
        return loudest;
    }

    private static double Strength(ReadOnlySpan<short> samples, int hz)
    {
        var turn = 2 * Math.Cos(2 * Math.PI * hz / Rate);
        double last = 0, before = 0;
        foreach (var sample in samples)
            (last, before) = (sample + (turn * last) - before, last);
        return 2 * Math.Sqrt((last * last) + (before * before) - (turn * last * before)) / samples.Length;
    }
}
