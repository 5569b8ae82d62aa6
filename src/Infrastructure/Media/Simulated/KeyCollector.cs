using System.Text;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>The keys of one <see cref="CollectDigits"/> so far.</summary>
internal sealed class KeyCollector(CollectDigits asked)
{
    /// <summary>More keys than any question has an answer to.</summary>
    private const int MostKept = 64;

    private readonly StringBuilder _keys = new();
    private long _quietFrames;

    /// <summary>The command.</summary>
    public CollectDigits Asked => asked;

    /// <summary>The keys without the <c>#</c>.</summary>
    public string Keys => _keys.ToString();

    /// <summary>A key is pressed; true if that was the last.</summary>
    public bool Press(char key)
    {
        _quietFrames = 0;
        if (key == '#')
            return true;
        if (_keys.Length < MostKept)
            _keys.Append(key);
        return _keys.Length >= asked.Most;
    }

    /// <summary>20 ms pass without a key; true if that was too long. What is still being asked takes none of the time.</summary>
    public bool Wait(bool isAsking)
    {
        if (asked.PatienceSeconds is not { } patience || (isAsking && _keys.Length == 0))
            return false;
        return ++_quietFrames * PhoneAudio.Frame >= TimeSpan.FromSeconds(patience);
    }
}
