internal import CommandKit
internal import SessionCodec

/// A file that the program can write: a man page or a completion, made of the command table, or a schema.
package struct GeneratedFile {
    /// Its name, such as `sessionctl-serve.1`.
    package var name: String
    /// Its contents.
    package var text: String

    /// All man pages, that of the program first.
    package static var manuals: [GeneratedFile] {
        let root = CommandTable.root
        let children = CommandTable.commands
        let names = [root.name] + children.map { ManualRenderer.pageName([root.name, $0.name]) }
        let pages = [(root, [root.name])] + children.map { ($0, [root.name, $0.name]) }
        return pages.map { command, path in
            let siblings = path.count == 1 ? [] : names
            let text = ManualRenderer.render(command, path: path, siblings: siblings, version: Program.version)
            return GeneratedFile(name: ManualRenderer.pageName(path) + ".1", text: text)
        }
    }

    /// The completion for bash.
    package static var bash: GeneratedFile {
        GeneratedFile(name: "sessionctl.bash", text: BashRenderer.render(CommandTable.root))
    }

    /// The completion for zsh.
    package static var zsh: GeneratedFile {
        GeneratedFile(name: "_sessionctl", text: ZshRenderer.render(CommandTable.root))
    }

    /// The completion for fish.
    package static var fish: GeneratedFile {
        GeneratedFile(name: "sessionctl.fish", text: FishRenderer.render(CommandTable.root))
    }

    /// The schema of sync's messages in Protocol Buffers.
    package static var schema: GeneratedFile {
        GeneratedFile(name: "sync.proto", text: SyncProtobuf.schema)
    }
}
