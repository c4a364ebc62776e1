import CommandKit
import SessionIO

/// `generate man|bash|zsh|fish|proto [DIR]`: man pages and completions, written from the command table, and the schema of
/// sync's Protobuf messages.
enum GenerateCommand {
    static let spec = CommandSpec("generate", "Write man pages, completions or the schema of sync") {
        var details = CommandDetails(
            discussion: [
                """
                Without DIR the text goes to standard output. With it the files are written there: one man page a \
                command, sessionctl.bash, _sessionctl, sessionctl.fish, or sync.proto, which compilers of Protocol \
                Buffers read: the messages of sync under the subprotocol sessionctl.sync.v1.proto. DIR is made where \
                it is missing; the folder above it is not.
                """
            ],
            operands: [
                OperandSpec("KIND", .one, .choice(["man", "bash", "zsh", "fish", "proto"]), "what to write"),
                OperandSpec("DIR", .optional, .directory, "where to write files"),
            ])
        details.examples = [
            CommandExample("sessionctl generate man man", "All man pages into the folder man"),
            CommandExample("sessionctl generate bash completions", "The completion for bash into a folder"),
            CommandExample("sessionctl generate proto .", "The schema of sync's binary messages"),
            CommandExample("source <(sessionctl generate bash)", "Completion for this shell"),
        ]
        return details
    }

    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let files = files(invocation.parsed.operand("KIND") ?? "")
        guard let directory = invocation.parsed.operand("DIR") else {
            for file in files { try invocation.context.output.write(file.text) }
            return .success
        }
        try prepare(directory)
        for file in files { try TextFile.write(Array(file.text.utf8), to: "\(directory)/\(file.name)", mode: 0o644) }
        return .success
    }

    /// Makes the folder, but none above it: those are missing where the path is mistyped.
    private static func prepare(_ directory: String) throws(CommandError) {
        var path = directory
        while path.hasSuffix("/") { path.removeLast() }
        guard !path.isEmpty, !Files.isFolder(path) else { return }
        let above = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard Files.isFolder(above) else {
            throw CommandError(.cannotWrite, "cannot make \(path): there is no folder \(above); make that first")
        }
        do { try Files.makeFolder(path, mode: 0o755) } catch {
            throw CommandError(.cannotWrite, "cannot make \(path): \(error.reason)")
        }
    }

    private static func files(_ kind: String) -> [GeneratedFile] {
        switch kind {
        case "man": GeneratedFile.manuals
        case "bash": [.bash]
        case "zsh": [.zsh]
        case "fish": [.fish]
        case "proto": [.schema]
        default: []
        }
    }
}
