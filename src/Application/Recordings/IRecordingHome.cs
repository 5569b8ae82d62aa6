namespace ContactCenter.Application.Recordings;

/// <summary>The one region that keeps this contact center's recordings, as all its nodes know it (REC-5).</summary>
public interface IRecordingHome
{
    /// <summary>Looks whether this node keeps recordings there. The first node to ask decides where that is.</summary>
    /// <exception cref="InvalidOperationException">It keeps them elsewhere: what it does not find is not gone.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
