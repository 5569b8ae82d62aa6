using System.Globalization;

namespace ContactCenter.Application.Recordings;

/// <summary>Names of a recording's objects in storage. They sort in the order they are to be joined.</summary>
public static class RecordingObjects
{
    /// <summary>The plain PCM of one segment, counted from 1.</summary>
    public static string Segment(int segment) =>
        string.Create(CultureInfo.InvariantCulture, $"segment-{segment:D6}.pcm");
}
