using ContactCenter.Application.Crm;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>What can be heard of a ticket's attachments.</summary>
internal static class Attached
{
    /// <summary>Their samples, joined; each must be a WAV file of its own.</summary>
    public static async Task<byte[]> PcmAsync(ITickets tickets, IEnumerable<TicketAttachment> attachments)
    {
        var pcm = new MemoryStream();
        foreach (var attachment in attachments)
        {
            await using var content = (await tickets.OpenAsync(attachment.Id, default)).ShouldNotBeNull();
            var wav = new MemoryStream();
            await content.CopyToAsync(wav);
            wav.Position = 0;
            foreach (var sample in WavReader.Read(wav).Samples)
                pcm.Write(BitConverter.GetBytes(sample));
        }

        return pcm.ToArray();
    }
}
