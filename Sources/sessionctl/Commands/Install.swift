import CommandKit
import Glibc
import SessionCodec
import SessionIO

/// `install`: copies this binary, its man pages and completions to where a system looks for them.
enum InstallCommand {
    static let prefix = Option.text("prefix", "Install below DIR", "DIR", .directory).unset("/usr/local")
    static let destination = Option.text("destdir", "Put DIR before every path", "DIR", .directory)
        .detail("For packagers: files are written below DIR, and are meant to be used without it.")
    static let json = Option.toggle("json", "List the files as JSON")

    static let spec = CommandSpec("install", "Copy binary, man pages and completions into place") {
        var details = CommandDetails(
            discussion: [
                """
                Writes PREFIX/bin/sessionctl, PREFIX/share/man/man1, and completions for bash, zsh and fish below \
                PREFIX/share, and names every file. Each file is replaced in one step, so that a running server is \
                not disturbed. Nothing is written where one of the folders may not be written to.
                """
            ],
            options: [prefix.spec, destination.spec, json.spec])
        details.examples = [
            CommandExample("sudo sessionctl install --prefix /usr/local", "For everybody on this machine"),
            CommandExample("sessionctl install --prefix ~/.local", "For one person"),
        ]
        return details
    }

    /// A file to install.
    private struct Item {
        var path: String
        var mode: UInt32
        var bytes: [UInt8]
    }

    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let root = invocation.settings[destination] ?? ""
        let items = try items(below: root + (invocation.settings[prefix] ?? "/usr/local"))
        for item in items { try requireWritable(item.path) }
        for item in items { try TextFile.write(item.bytes, to: item.path, mode: item.mode) }
        try report(items, invocation)
        return .success
    }

    private static func items(below prefix: String) throws(CommandError) -> [Item] {
        let binary: [UInt8]
        do { binary = try Files.read("/proc/self/exe") } catch {
            throw CommandError(.noInput, "cannot read this program from /proc/self/exe: \(error.reason)")
        }
        let program = Item(path: "\(prefix)/bin/\(CommandTable.root.name)", mode: 0o755, bytes: binary)
        let manuals = GeneratedFile.manuals.map { ("man/man1/\($0.name)", $0) }
        let completions = [
            // The loaders look for the bare command's name in bash, and for these folders in the other two.
            ("bash-completion/completions/\(CommandTable.root.name)", GeneratedFile.bash),
            ("zsh/site-functions/\(GeneratedFile.zsh.name)", GeneratedFile.zsh),
            ("fish/vendor_completions.d/\(GeneratedFile.fish.name)", GeneratedFile.fish),
        ]
        return [program]
            + (manuals + completions).map { path, file in
                Item(path: "\(prefix)/share/\(path)", mode: 0o644, bytes: Array(file.text.utf8))
            }
    }

    /// Checks the nearest folder that exists, so that nothing is left half done.
    private static func requireWritable(_ path: String) throws(CommandError) {
        var folder = path[...]
        repeat {
            guard let slash = folder.lastIndex(of: "/") else { return try requireWritable(".", for: path) }
            folder = folder[..<slash]
        } while !folder.isEmpty && !Files.exists(String(folder))
        try requireWritable(folder.isEmpty ? "/" : String(folder), for: path)
    }

    private static func requireWritable(_ folder: String, for path: String) throws(CommandError) {
        guard access(folder, W_OK | X_OK) != 0 else { return }
        let reason = SystemError.reason(errno)
        throw CommandError(
            .cannotWrite, "cannot write \(path): \(folder): \(reason); run it as root, or choose another --prefix")
    }

    private static func report(_ items: [Item], _ invocation: Invocation) throws(CommandError) {
        guard invocation.settings[json] else {
            for item in items { try invocation.context.output.write("installed \(item.path)\n") }
            return
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("installed") { writer in writer.array { list in for item in items { list.value(item.path) } } }
        }
        try invocation.context.output.writeLine(&writer)
    }
}
