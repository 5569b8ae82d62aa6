namespace ContactCenter.Api.Operations;

/// <summary>Whether this node takes requests: from the end of its start to the beginning of its stop.</summary>
public sealed class NodeState
{
    private volatile bool isServing;

    /// <summary>True between start and stop.</summary>
    public bool IsServing => isServing;

    /// <summary>Everything has started.</summary>
    public void Started() => isServing = true;

    /// <summary>Stopping has begun: balancers should send nothing more.</summary>
    public void Stopping() => isServing = false;
}
