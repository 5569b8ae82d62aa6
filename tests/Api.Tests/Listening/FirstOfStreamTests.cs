using System.Runtime.CompilerServices;
using ContactCenter.Api.Live;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>Who is told that they hear a call hears it from then on.</summary>
public sealed class FirstOfStreamTests
{
    private readonly TaskCompletionSource<int> made = new();
    private bool isListening;

    [Fact]
    public async Task What_comes_as_soon_as_the_client_knows_is_not_missed()
    {
        using var end = new CancellationTokenSource();
        await using var heard = ListenAsync(end.Token).GetAsyncEnumerator();
        (await heard.FirstAsync(TellAsync, end)).ShouldBeTrue();
        heard.Current.ShouldBe(7);

        Task TellAsync()
        {
            isListening.ShouldBeTrue();
            made.SetResult(7);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_client_that_cannot_be_told_is_listened_for_no_more()
    {
        using var end = new CancellationTokenSource();
        var heard = ListenAsync(end.Token).GetAsyncEnumerator();
        (await Should.ThrowAsync<IOException>(() => heard.FirstAsync(() => throw new IOException("gone"), end))).Message.ShouldBe("gone");
        isListening.ShouldBeFalse();
        await heard.DisposeAsync();
    }

    private async IAsyncEnumerable<int> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        isListening = true;
        try
        {
            yield return await made.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            isListening = false;
        }
    }
}
