using System.Diagnostics;
using System.Security.Cryptography;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Recordings;

namespace ContactCenter.Benchmarks;

/// <summary>
/// How fast one core encrypts what is recorded, beside what it could do with AES-GCM alone; and how much memory 4 GB of
/// a recording take on their way to the disk and back.
/// </summary>
internal sealed class RecordingBench : IBenchGroup
{
    private const int Megabyte = 1 << 20;
    private const long AllBytes = 4L << 30;

    public string Name => "recordings";

    public async Task RunAsync(BenchContext context)
    {
        var encrypt = Encrypt(context.Duration);
        var raw = RawAesGcm(context.Duration);
        context.Record("encrypt_mb_per_s_core", encrypt);
        context.Record("raw_aesgcm_mb_per_s_core", raw);
        context.Record("encrypt_of_raw_aesgcm", encrypt / raw);
        context.Record("recording_4gb_peak_mb", await PeakAsync(objectBytes: context.Quick ? 64L << 20 : AllBytes));
    }

    /// <summary>As a writer does it: copied into the chunk, sealed. The disk is not part of it.</summary>
    private static double Encrypt(TimeSpan duration)
    {
        using var cipher = ObjectCipher.ForNew(RandomNumberGenerator.GetBytes(32), "bench");
        var (audio, plain, whole) = (RandomNumberGenerator.GetBytes(cipher.ChunkBytes), new byte[cipher.ChunkBytes], new byte[cipher.SealedChunkBytes]);
        long chunk = 0;
        return MegabytesPerSecond(duration, audio.Length, () =>
        {
            audio.CopyTo(plain, 0);
            cipher.Seal(chunk++, last: false, plain, whole);
        });
    }

    private static double RawAesGcm(TimeSpan duration)
    {
        using var aes = new AesGcm(RandomNumberGenerator.GetBytes(32), ObjectCipher.TagBytes);
        var (plain, whole, tag, nonce) = (RandomNumberGenerator.GetBytes(65_536), new byte[65_536], new byte[ObjectCipher.TagBytes], new byte[12]);
        return MegabytesPerSecond(duration, plain.Length, () => aes.Encrypt(nonce, plain, whole, tag));
    }

    /// <summary>The median of many short rounds on one thread.</summary>
    private static double MegabytesPerSecond(TimeSpan duration, int bytes, Action once)
    {
        const int runs = 200;
        for (var i = 0; i < runs; i++)
            once();
        List<double> rounds = [];
        for (var all = Stopwatch.StartNew(); all.Elapsed < duration;)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < runs; i++)
                once();
            rounds.Add((double)bytes * runs / Megabyte / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        rounds.Sort();
        return rounds[rounds.Count / 2];
    }

    /// <summary>
    /// By how much this process grows while 4 GB are written, read back and purged. In objects of that size, one after
    /// the other: smaller ones need less disk.
    /// </summary>
    private static async Task<double> PeakAsync(long objectBytes)
    {
        var folder = Directory.CreateTempSubdirectory("recording-bench-").FullName;
        try
        {
            using var storage = new EncryptedRecordingStorage(
                folder, RecordingRegion.Eea, new MasterKeys("1", new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["1"] = RandomNumberGenerator.GetBytes(32) }));
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = Process.GetCurrentProcess();
            var (before, peak) = (process.WorkingSet64, process.WorkingSet64);
            for (long done = 0; done < AllBytes; done += objectBytes)
            {
                await PassAsync(storage, objectBytes, () =>
                {
                    process.Refresh();
                    peak = Math.Max(peak, process.WorkingSet64);
                });
            }

            return (double)(peak - before) / Megabyte;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PassAsync(EncryptedRecordingStorage storage, long bytes, Action look)
    {
        var recording = Guid.CreateVersion7();
        var name = RecordingObjects.Segment(1);
        var block = RandomNumberGenerator.GetBytes(PhoneAudio.BytesPerSecond);
        await using (var writer = await storage.CreateAsync(recording, name, CancellationToken.None))
        {
            for (var seconds = 0; writer.Length < bytes; seconds++)
            {
                await writer.WriteAsync(block.AsMemory(0, (int)Math.Min(block.Length, bytes - writer.Length)), CancellationToken.None);
                if (seconds % 256 == 0)
                    look();
            }

            await writer.CompleteAsync(CancellationToken.None);
        }

        await using (var stream = await storage.OpenAsync(recording, name, CancellationToken.None))
        {
            long read = 0;
            for (var count = 1; count > 0; read += count)
            {
                count = await stream.ReadAsync(block);
                if (read / block.Length % 256 == 0)
                    look();
            }

            if (read != bytes)
                throw new InvalidOperationException($"{read:N0} of {bytes:N0} bytes came back.");
        }

        await storage.PurgeAsync(recording, CancellationToken.None);
    }
}
