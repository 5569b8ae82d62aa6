using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ContactCenter.Api.Tests;

[Collection(ApiTests.Name)]
public sealed class ApiDocumentTests(TestApi api)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>To accept a change of the contract: <c>CONTACTCENTER_ACCEPT=1 ./test</c>, then review the diff.</summary>
    [Fact]
    public async Task The_contract_is_the_one_committed()
    {
        using var document = JsonDocument.Parse(await api.Anonymous.GetStringAsync("/openapi/v1.json"));
        var actual = JsonSerializer.Serialize(document.RootElement, Indented) + "\n";
        var path = SnapshotPath();
        if (Environment.GetEnvironmentVariable("CONTACTCENTER_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, actual);
        }

        // The first difference, not two whole documents.
        var (told, committed) = (actual.Split('\n'), (await File.ReadAllTextAsync(path)).Split('\n'));
        var different = told.Zip(committed).FirstOrDefault(line => line.First != line.Second);
        different.ShouldBe(default, "docs/openapi/v1.json differs from what the service answers.");
        told.Length.ShouldBe(committed.Length, "docs/openapi/v1.json differs from what the service answers.");
    }

    [Fact]
    public async Task Every_operation_names_its_use_case_and_its_refusals()
    {
        using var document = JsonDocument.Parse(await api.Anonymous.GetStringAsync("/openapi/v1.json"));
        document.RootElement.GetProperty("openapi").GetString().ShouldStartWith("3.1");
        HashSet<string> names = [];
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                names.Add(operation.Value.GetProperty("operationId").GetString()!).ShouldBeTrue(path.Name);
                operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
                if (path.Name.StartsWith("/v1", StringComparison.Ordinal))
                    operation.Value.GetProperty("responses").GetProperty("403").GetProperty("content").TryGetProperty("application/problem+json", out _).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public async Task The_page_that_shows_it_works_without_another_host()
    {
        var page = await api.Anonymous.GetAsync("/docs/index.html");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync()).ShouldNotContain("https://");
        (await api.Anonymous.GetAsync("/docs/swagger-ui-bundle.js")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static string SnapshotPath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "openapi", "v1.json");
}
