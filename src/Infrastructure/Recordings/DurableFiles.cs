using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>File operations that survive a power cut once they return.</summary>
internal static class DurableFiles
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Writes a small file whole and puts it in place: afterwards there is the old one or the new one.</summary>
    public static void Put(string path, byte[] content, bool overwrite)
    {
        var draft = path + ".tmp";
        using (var file = File.OpenHandle(draft, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(draft, path, overwrite);
        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes what was created, renamed or deleted in a directory durable.</summary>
    public static void FlushDirectory(string path)
    {
        // .NET opens no directories, and Windows neither needs nor allows flushing one.
        if (OperatingSystem.IsWindows())
            return;
        using var directory = new SafeFileHandle(Open(Encoding.UTF8.GetBytes(path + "\0"), ReadOnlyCloseOnExec), ownsHandle: true);
        if (directory.IsInvalid)
            throw new IOException($"Cannot open the directory {path}.", new Win32Exception());
        RandomAccess.FlushToDisk(directory);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Open(byte[] path, int flags);
}
