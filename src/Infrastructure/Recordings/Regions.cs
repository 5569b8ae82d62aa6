using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>
/// A region as a type (REC-5). What moves encrypted bytes from one place to another takes both places of one region,
/// so that a copy to another does not compile.
/// </summary>
public interface IRegion
{
    /// <summary>Which.</summary>
    static abstract RecordingRegion Region { get; }

    /// <summary>Where a bucket of it may lie, as its server names the place.</summary>
    static abstract IReadOnlyList<string> Locations { get; }
}

/// <summary>A place for recordings that can be looked at before it is used.</summary>
public interface IRecordingPlace
{
    /// <summary>Looks whether it lies where it must, and keeps the promises the storage builds on.</summary>
    /// <exception cref="InvalidOperationException">It lies outside the region, or overwrites what it must not.</exception>
    /// <exception cref="IOException">It cannot be used now.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}

/// <summary>United States.</summary>
public sealed class UsRegion : IRegion
{
    private UsRegion()
    {
    }

    /// <inheritdoc/>
    public static RecordingRegion Region => RecordingRegion.Us;

    /// <inheritdoc/>
    public static IReadOnlyList<string> Locations { get; } =
        ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "us-gov-east-1", "us-gov-west-1", "us"];
}

/// <summary>European Economic Area: not London, not Zurich.</summary>
public sealed class EeaRegion : IRegion
{
    private EeaRegion()
    {
    }

    /// <inheritdoc/>
    public static RecordingRegion Region => RecordingRegion.Eea;

    /// <inheritdoc/>
    public static IReadOnlyList<string> Locations { get; } =
        ["eu-central-1", "eu-west-1", "eu-west-3", "eu-north-1", "eu-south-1", "eu-south-2", "eusc-de-east-1", "eea"];
}

/// <summary>Australia.</summary>
public sealed class AuRegion : IRegion
{
    private AuRegion()
    {
    }

    /// <inheritdoc/>
    public static RecordingRegion Region => RecordingRegion.Au;

    /// <inheritdoc/>
    public static IReadOnlyList<string> Locations { get; } = ["ap-southeast-2", "ap-southeast-4", "au"];
}
