using System.Reflection;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Recordings;
using ContactCenter.Infrastructure.Recordings.S3;
using static ContactCenter.Infrastructure.Tests.Recordings.RecordingFolder;

namespace ContactCenter.Infrastructure.Tests.Recordings.S3;

/// <summary>A recording stays in its region (REC-5).</summary>
public sealed class RegionTests : IAsyncLifetime
{
    private const string Name = "segment-000001.pcm";
    private S3House _house = null!;

    public async Task InitializeAsync() => _house = await S3House.StartAsync();

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Theory]
    [InlineData("eu-central-1")]
    [InlineData("EU")]
    [InlineData("eu-north-1")]
    public async Task A_bucket_in_the_region_is_taken_and_left_as_it_was(string location)
    {
        _house.Server.Location = location;
        using var bucket = new RecordingBucket<EeaRegion>(_house.Place);

        await bucket.CheckAsync(default);

        _house.Everything().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("us-east-1")]
    [InlineData("eu-west-2")]
    [InlineData("eu-central-2")]
    [InlineData("ap-southeast-2")]
    public async Task A_bucket_elsewhere_is_refused_whatever_its_name_begins_with(string location)
    {
        _house.Server.Location = location;
        using var bucket = new RecordingBucket<EeaRegion>(_house.Place);

        (await Should.ThrowAsync<InvalidOperationException>(() => bucket.CheckAsync(default))).Message.ShouldContain("no place for recordings of eea");
    }

    [Fact]
    public async Task A_server_that_overwrites_what_it_must_not_is_refused()
    {
        _house.Server.Contents.HeedsNoConditions = true;
        using var bucket = new RecordingBucket<EeaRegion>(_house.Place);

        (await Should.ThrowAsync<InvalidOperationException>(() => bucket.CheckAsync(default))).Message.ShouldContain("If-None-Match");
    }

    [Fact]
    public async Task What_is_carried_to_the_place_of_another_region_does_not_open_there()
    {
        var recording = Guid.CreateVersion7();
        await WriteAsync(_house.Storage, recording, Name, Audio(10));
        foreach (var (thing, bytes) in _house.Everything())
            _house.Overwrite("us" + thing["eea".Length..], bytes);
        var keys = new MasterKeys("first", Keys);
        using var us = new S3RecordingStorage<UsRegion>(new RecordingBucket<UsRegion>(_house.Place), new RecordingSpool<UsRegion>(_house.Spool, keys), keys);

        (await us.ListAsync(recording, default)).ShouldBe([Name]);
        await Should.ThrowAsync<RecordingCorruptException>(() => us.OpenAsync(recording, Name, default));
    }

    [Fact]
    public void No_place_is_in_two_regions()
    {
        var all = UsRegion.Locations.Concat(EeaRegion.Locations).Concat(AuRegion.Locations).ToList();

        all.ShouldBe(all.Distinct());
    }

    [Fact]
    public void Nothing_that_handles_recordings_knows_two_regions()
    {
        const BindingFlags any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var types = typeof(EncryptedRecordingStorage).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("ContactCenter.Infrastructure.Recordings", StringComparison.Ordinal) == true).ToList();

        // A place of a region is only ever named by something that is of the same one, and nothing is of two.
        foreach (var type in types.Where(type => type.IsGenericTypeDefinition))
            type.GetGenericArguments().Count(argument => typeof(IRegion).IsAssignableFrom(argument)).ShouldBeLessThan(2, type.Name);
        foreach (var method in types.SelectMany(type => type.GetMethods(any).Cast<MethodBase>().Concat(type.GetConstructors(any))))
        {
            if (method is MethodInfo { IsGenericMethodDefinition: true } generic)
                generic.GetGenericArguments().ShouldNotContain(argument => typeof(IRegion).IsAssignableFrom(argument), method.Name);
            var regions = method.GetParameters().Select(parameter => parameter.ParameterType).Where(type => type.IsGenericType)
                .SelectMany(type => type.GetGenericArguments()).Where(argument => typeof(IRegion).IsAssignableFrom(argument)).Distinct().ToList();
            regions.Count.ShouldBeLessThan(2, $"{method.DeclaringType!.Name}.{method.Name}");
            method.GetParameters().Count(parameter => parameter.ParameterType == typeof(RecordingRegion)).ShouldBeLessThan(2, method.Name);
        }
    }
}
