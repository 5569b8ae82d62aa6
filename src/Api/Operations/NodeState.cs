namespace ContactCenter.Api.Operations;

/// <summary>Whether this node takes requests: from the end of its start to the beginning of its stop.</summary>
public sealed class NodeState
{
    private volatile bool isServing;
    private Action? told;

    /// <summary>True between start and stop.</summary>
    public bool IsServing => isServing;

    /// <summary>Calls something after each change, before anything else is stopped.</summary>
    public void WhenChanged(Action tell) => told += tell;

    /// <summary>Everything has started.</summary>
    public void Started() => Set(serving: true);

    /// <summary>Stopping has begun: balancers should send nothing more.</summary>
    public void Stopping() => Set(serving: false);

    private void Set(bool serving)
    {
        isServing = serving;
        told?.Invoke();
    }
}
