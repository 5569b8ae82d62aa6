namespace ContactCenter.Application.Recordings;

/// <summary>Where an account's recordings stay; every copy is held to it (REC-5).</summary>
public enum RecordingRegion
{
    /// <summary>United States, <c>us</c>.</summary>
    Us,

    /// <summary>European Economic Area, <c>eea</c>.</summary>
    Eea,

    /// <summary>Australia, <c>au</c>.</summary>
    Au,
}
