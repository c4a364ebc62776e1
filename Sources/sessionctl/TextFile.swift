package import CommandKit
internal import SessionIO

/// Whole files as text, for configuration and generated pages.
package enum TextFile {
    /// Reads a file.
    ///
    /// - Parameter remedy: What to do where there is none.
    /// - Throws: ``CommandError`` with status 66 where it cannot be read, 78 where it is no UTF-8.
    package static func read(_ path: String, remedy: String = "check the name") throws(CommandError) -> String {
        let bytes = try readBytes(path, remedy: remedy)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .configuration("\(path) is no UTF-8 text")
        }
        return text
    }

    /// Reads a file of whatever content.
    ///
    /// - Parameter remedy: What to do where there is none.
    /// - Throws: ``CommandError`` with status 66.
    static func readBytes(_ path: String, remedy: String = "check the name") throws(CommandError) -> [UInt8] {
        do {
            return try Files.read(path)
        } catch {
            let remedy = error.isMissing ? remedy : "check the path and its permissions"
            throw CommandError(.noInput, "cannot read \(path): \(error.reason); \(remedy)")
        }
    }

    /// Replaces a file in one step.
    ///
    /// - Parameter makesFolders: Whether folders that are missing are made.
    /// - Throws: ``CommandError`` with status 74.
    static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32, makesFolders: Bool = true
    ) throws(CommandError) {
        if makesFolders { try makeFolder(of: path) }
        do {
            try Files.write(bytes.span, to: path, mode: mode)
        } catch {
            throw CommandError(.cannotWrite, "cannot write \(path): \(error.reason)")
        }
    }

    /// Makes the folder of a file, and those above it, where they are missing.
    ///
    /// - Throws: ``CommandError`` with status 74.
    static func makeFolder(of path: String) throws(CommandError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        do {
            try Files.makeFolder(String(path[..<slash]), mode: 0o755)
        } catch {
            throw CommandError(.cannotWrite, "cannot write \(path): \(error.reason)")
        }
    }
}
