using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Grpc.AspNetCore.Server.Reflection;

/// <summary>Finds the proto file of a symbol among the files of some services and what they import.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensions = new(StringComparer.Ordinal);

    public DescriptorIndex(IEnumerable<ServiceDescriptor> services)
    {
        var all = services.DistinctBy(service => service.FullName).ToList();
        Services = [.. all.Select(service => service.FullName).Order(StringComparer.Ordinal)];
        foreach (var service in all)
            Add(service.File);
    }

    /// <summary>Full names of the services.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>The file of that path with all it imports, serialized; null if unknown.</summary>
    public IReadOnlyList<ByteString>? ByName(string fileName) => WithImports(_files.GetValueOrDefault(fileName));

    /// <summary>The file declaring that message, field, enum, value, service or method; null if unknown.</summary>
    public IReadOnlyList<ByteString>? BySymbol(string symbol) => WithImports(_symbols.GetValueOrDefault(symbol));

    /// <summary>The file declaring that extension; null if unknown.</summary>
    public IReadOnlyList<ByteString>? ByExtension(string type, int number) =>
        WithImports(_extensions.GetValueOrDefault(type)?.GetValueOrDefault(number));

    /// <summary>Numbers of the known extensions of a message; null if the message is unknown.</summary>
    public IReadOnlyList<int>? ExtensionsOf(string type) =>
        _extensions.TryGetValue(type, out var extensions) ? [.. extensions.Keys] : _symbols.ContainsKey(type) ? [] : null;

    private static List<ByteString>? WithImports(FileDescriptor? file)
    {
        if (file is null)
            return null;
        var result = new List<ByteString>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var queue = new Queue<FileDescriptor>([file]);
        while (queue.TryDequeue(out var next))
        {
            if (!seen.Add(next.Name))
                continue;
            result.Add(next.SerializedData);
            foreach (var import in next.Dependencies)
                queue.Enqueue(import);
        }
        return result;
    }

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
            return;
        foreach (var import in file.Dependencies)
            Add(import);
        foreach (var service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (var method in service.Methods)
                _symbols[method.FullName] = file;
        }
        foreach (var message in file.MessageTypes)
            Add(message, file);
        foreach (var type in file.EnumTypes)
            Add(type, file);
        foreach (var extension in file.Extensions.UnorderedExtensions)
            Add(extension, file);
    }

    private void Add(MessageDescriptor message, FileDescriptor file)
    {
        _symbols[message.FullName] = file;
        foreach (var field in message.Fields.InDeclarationOrder())
            _symbols[field.FullName] = file;
        foreach (var oneof in message.Oneofs)
            _symbols[oneof.FullName] = file;
        foreach (var nested in message.NestedTypes)
            Add(nested, file);
        foreach (var type in message.EnumTypes)
            Add(type, file);
        foreach (var extension in message.Extensions.UnorderedExtensions)
            Add(extension, file);
    }

    private void Add(EnumDescriptor type, FileDescriptor file)
    {
        _symbols[type.FullName] = file;
        foreach (var value in type.Values)
            _symbols[value.FullName] = file;
    }

    private void Add(FieldDescriptor extension, FileDescriptor file)
    {
        _symbols[extension.FullName] = file;
        var type = extension.ExtendeeType.FullName;
        if (!_extensions.TryGetValue(type, out var extensions))
            _extensions[type] = extensions = [];
        extensions[extension.FieldNumber] = file;
    }
}
